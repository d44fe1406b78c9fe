import Checksums
import Dispatch
import Files
import Glibc
import Synchronization
import Texts

/// Rows that come once, in order: from standard input or a pipe, without a header.
///
/// Workers take turns: each reads the next block into its own buffer. Some rows can be read again: the first ones, which are
/// kept in memory, or all that are spooled to a file.
public final class RowStream: Sendable {
  /// What the rows are. It has more of them than will come.
  package let input: LogitInput
  private let bytes: ByteStream
  /// Where the rows come from, if that is a file, so that they can be read again.
  package let file: SpoolFile?
  /// How many rows are taken, which must come; nil for all.
  private let wantedRows: Int?
  private let state = Mutex(State())
  private let storage = Mutex(Storage())

  /// How far the stream has been read.
  private struct State {
    /// The rows that have come.
    var rows = 0
    /// Whether there will be no more, since the stream has ended or failed, or the run is to stop.
    var hasEnded = false
    /// Whether nobody wants any more.
    var isGivenUp = false
    /// Workers that wait for their turn, by their first row.
    var waiting: [Int: DispatchSemaphore] = [:]
    var hash = SampleHash()
  }

  /// Where rows are that can be read again, and who says that it is time to stop.
  private struct Storage: Sendable {
    var kept: KeptRows?
    var spool: SpoolFile?
    var shouldStop: @Sendable () -> Bool = { false }
  }

  /// Opens a stream, of which nothing is read yet.
  ///
  /// - Parameter number: Tells it from other streams of the same store.
  /// - Throws: ``LogitStreamError``
  package init(opening specification: InputSpecification, number: Int = 1) throws(LogitStreamError) {
    let path = specification.file
    let name = path == InputSpecification.standardInput ? "standard input" : path
    guard let raw = specification.raw else { throw .unknownStream(name) }
    wantedRows = specification.streamedRows
    file = path == InputSpecification.standardInput ? SpoolFile(standardInputNamed: name) : nil
    input = try LogitInput(stream: path, number: number, raw, rows: LogitSource.mostRows / 2)
    do throws(FileError) {
      bytes =
        path == InputSpecification.standardInput
        ? try ByteStream(standardInputNamed: name) : try ByteStream(opening: path)
    } catch {
      throw .unreadableFile(error)
    }
  }

  /// The rows that have come.
  package var rows: Int { state.withLock { $0.rows } }
  /// Whether there will be no more.
  package var hasEnded: Bool { state.withLock { $0.hasEnded } }

  /// Tells whether rows are others than those that have come.
  package var fingerprint: String {
    let (rows, hash) = state.withLock { ($0.rows, $0.hash) }
    return "\(input.format)-\(rows)x\(input.clusters)-stream-\(hash.value.hexadecimal)"
  }

  /// Says, before any row is read, what becomes of rows.
  ///
  /// - Parameters:
  ///   - kept: How many of the first rows are kept in memory, if they are not spooled.
  ///   - spool: The file that takes all rows.
  ///   - shouldStop: Whether not to wait for more rows.
  package func prepare(keeping kept: Int, spool: SpoolFile?, shouldStop: @escaping @Sendable () -> Bool) {
    storage.withLock {
      $0.kept = spool == nil ? KeptRows(rows: kept, rowByteCount: input.rowByteCount) : nil
      $0.spool = spool
      $0.shouldStop = shouldStop
    }
  }

  /// Lets go of all who wait for rows, since the run has failed. Rows that have come stay.
  package func giveUp() { state.withLock { $0.isGivenUp = true } }

  private var isGivenUp: Bool { state.withLock { $0.isGivenUp } }

  /// Whether rows that have come can be read again.
  package func canReadAgain(_ rows: Range<Int>) -> Bool {
    storage.withLock { $0.spool != nil || rows.upperBound <= $0.kept?.rows ?? 0 }
  }

  /// Compares the first rows with those that are spooled, which a run before this one had worked on.
  ///
  /// - Throws: ``LogitStreamError/otherStream(_:row:)`` if they are others; ``LogitStreamError/fewerRows(_:found:wanted:)`` if
  ///   they are the first of them, and no more come.
  package func skipSpooled(_ known: Int) throws(LogitStreamError) {
    let count = min(known, wantedRows ?? .max)
    let (spool, shouldStop) = storage.withLock { ($0.spool, $0.shouldStop) }
    guard let spool else { return }
    let rowByteCount = input.rowByteCount
    let most = max(1, (1 << 20) / rowByteCount)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * most * rowByteCount, alignment: 64)
    defer { buffer.deallocate() }
    var row = 0
    while row < count, !shouldStop() {
      let byteCount = min(most, count - row) * rowByteCount
      let new = UnsafeMutableRawBufferPointer(rebasing: buffer[..<byteCount])
      let old = UnsafeMutableRawBufferPointer(rebasing: buffer[byteCount..<2 * byteCount])
      let found: Int
      do throws(FileError) {
        found = try bytes.read(into: new, shouldStop: shouldStop)
        try spool.read(at: row * rowByteCount, into: old)
      } catch {
        throw .inputOutput(error)
      }
      if found < byteCount, shouldStop() { break }
      if found < byteCount || memcmp(new.start, old.start, byteCount) != 0 {
        guard let difference = zip(new[..<found], old).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
          throw .fewerRows(input.location, found: row + found / rowByteCount, wanted: count)
        }
        throw .otherStream(input.location, row: row + difference / rowByteCount)
      }
      let part = row..<row + byteCount / rowByteCount
      state.withLock {
        $0.rows = part.upperBound
        $0.hash.add(part, UnsafeRawBufferPointer(new))
      }
      row = part.upperBound
    }
  }

  /// Makes sure, once the stream has ended, that it had as many rows as it once had, unless some of them were asked for.
  ///
  /// - Throws: ``LogitStreamError/fewerRows(_:found:wanted:)``
  package func checkHasAll(_ known: Int) throws(LogitStreamError) {
    guard wantedRows == nil, rows < known else { return }
    throw .fewerRows(input.location, found: rows, wanted: known)
  }

  /// Reads rows: the next ones, or some that can be read again. Of those that come for the first time there are fewer if
  /// the stream ends, or the run is to stop.
  func read(_ rows: Range<Int>, into workspace: inout Workspace) throws(LogitStreamError) -> RowBlock {
    let (kept, spool, isToStop) = storage.withLock { ($0.kept, $0.spool, $0.shouldStop) }
    let shouldStop = { [self] in isToStop() || isGivenUp }
    let isNew = waitForTurn(rows)
    let keptBytes = kept?.bytes(rows)
    guard isNew else {
      if rows.upperBound <= self.rows, let keptBytes { return block(rows, keptBytes) }
      let buffer = workspace.rows.bytes(rows.count * input.rowByteCount)
      guard rows.upperBound <= self.rows else { return block(rows.lowerBound..<rows.lowerBound, buffer) }
      guard let spool else { throw .streamEnded(input.location) }
      do throws(FileError) {
        try spool.read(at: rows.lowerBound * input.rowByteCount, into: buffer)
      } catch {
        throw .inputOutput(error)
      }
      return block(rows, buffer)
    }
    let buffer = keptBytes ?? workspace.rows.bytes(rows.count * input.rowByteCount)
    let count = try readNew(rows, into: buffer, shouldStop)
    let block = block(rows.lowerBound..<rows.lowerBound + count, buffer)
    if let spool, count > 0 {
      let new = UnsafeRawBufferPointer(rebasing: buffer[..<(count * input.rowByteCount)])
      do throws(FileError) {
        try spool.write(new, at: rows.lowerBound * input.rowByteCount)
      } catch {
        throw .inputOutput(error)
      }
    }
    return block
  }

  private func block(_ rows: Range<Int>, _ buffer: UnsafeMutableRawBufferPointer) -> RowBlock {
    RowBlock(start: UnsafeRawPointer(buffer.start), rowStride: input.rowByteCount, rows: rows)
  }

  /// Waits until all rows before some have come. Returns whether these come next: not if they are there already, or if
  /// nothing comes any more.
  private func waitForTurn(_ rows: Range<Int>) -> Bool {
    while true {
      let semaphore: DispatchSemaphore? = state.withLock { state in
        guard !state.hasEnded, state.rows < rows.lowerBound else { return nil }
        let semaphore = DispatchSemaphore(value: 0)
        state.waiting[rows.lowerBound] = semaphore
        return semaphore
      }
      guard let semaphore else { break }
      semaphore.wait()
    }
    return state.withLock { !$0.hasEnded && $0.rows == rows.lowerBound }
  }

  /// Reads the next rows, and lets the next worker have its turn. Returns how many there were.
  private func readNew(
    _ rows: Range<Int>, into buffer: UnsafeMutableRawBufferPointer, _ shouldStop: () -> Bool
  ) throws(LogitStreamError) -> Int {
    let wanted = rows.clamped(to: 0..<(wantedRows ?? .max))
    let found: Int
    do throws(FileError) {
      found = try bytes.read(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(wanted.count * input.rowByteCount)]),
        shouldStop: shouldStop)
    } catch {
      advance(to: rows.lowerBound, hasEnded: true, buffer)
      throw .inputOutput(error)
    }
    if rows.lowerBound == 0, let format = RawFormat.header(buffer[..<min(found, 8)]) {
      advance(to: 0, hasEnded: true, buffer)
      throw .hasHeader(input.location, format: format, isStream: true)
    }
    let (count, rest) = found.quotientAndRemainder(dividingBy: input.rowByteCount)
    let end = rows.lowerBound + count
    advance(to: end, hasEnded: count < rows.count || end == wantedRows, buffer)
    if count < wanted.count, !shouldStop() { try checkEnd(rows: end, rest: rest) }
    return count
  }

  /// Makes sure that a stream has ended as it should.
  ///
  /// - Parameter rest: The bytes that have come after the last whole row.
  private func checkEnd(rows: Int, rest: Int) throws(LogitStreamError) {
    guard rest == 0 else {
      throw .endsWithinRow(input.location, rows: rows, byteCount: rest, rowByteCount: input.rowByteCount)
    }
    if let wantedRows, rows < wantedRows { throw .fewerRows(input.location, found: rows, wanted: wantedRows) }
  }

  private func advance(to rows: Int, hasEnded: Bool, _ buffer: UnsafeMutableRawBufferPointer) {
    state.withLock { state in
      let new = state.rows..<rows
      state.hash.add(new, UnsafeRawBufferPointer(rebasing: buffer[..<(new.count * input.rowByteCount)]))
      state.rows = rows
      state.hasEnded = hasEnded
      if hasEnded {
        for semaphore in state.waiting.values { semaphore.signal() }
        state.waiting = [:]
      } else {
        state.waiting.removeValue(forKey: rows)?.signal()
      }
    }
  }
}

extension RowStream {
  /// A hash (FNV-1a, 64 bits) of one row in so many. It does not depend on how rows are cut into blocks.
  fileprivate struct SampleHash {
    private(set) var value = FNV1a()
    private static let interval = 1024

    /// Takes the rows in a buffer, which come next.
    mutating func add(_ rows: Range<Int>, _ bytes: UnsafeRawBufferPointer) {
      guard !rows.isEmpty else { return }
      let rowByteCount = bytes.count / max(1, rows.count)
      let first = (rows.lowerBound + Self.interval - 1) / Self.interval * Self.interval
      for row in stride(from: first, to: rows.upperBound, by: Self.interval) {
        let start = (row - rows.lowerBound) * rowByteCount
        value.add(UnsafeRawBufferPointer(rebasing: bytes[start..<start + rowByteCount]))
      }
    }
  }

  /// The first rows, in memory. What was never used of it takes none.
  fileprivate final class KeptRows: @unchecked Sendable {
    // Safe to share: each row is written once, by the worker whose turn it is, before others read it.

    let rows: Int
    private let rowByteCount: Int
    private let buffer: UnsafeMutableRawBufferPointer

    init(rows: Int, rowByteCount: Int) {
      self.rows = rows
      self.rowByteCount = rowByteCount
      buffer = .allocate(byteCount: max(1, rows * rowByteCount), alignment: 4096)
    }

    deinit { buffer.deallocate() }

    /// The place of some rows; nil if they are not all among the first.
    func bytes(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer? {
      guard range.upperBound <= rows else { return nil }
      return UnsafeMutableRawBufferPointer(
        rebasing: buffer[(range.lowerBound * rowByteCount)..<(range.upperBound * rowByteCount)])
    }
  }
}

/// The rows of a stream, as any other rows are read.
struct StreamRows: RowReading {
  let stream: RowStream

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    try stream.read(rows, into: &workspace)
  }
}
