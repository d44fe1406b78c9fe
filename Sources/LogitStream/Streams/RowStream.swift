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
  private let raw: RawFormat
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
    /// Why it has not ended as it should.
    var failure: LogitStreamError?
  }

  /// Where rows are that can be read again, and who says that it is time to stop.
  private struct Storage: Sendable {
    var kept: KeptRows?
    var spool: SpoolFile?
    /// The bytes that are in the spool from a run before.
    var spooledByteCount = 0
    var shouldStop: @Sendable () -> Bool = { false }
  }

  /// Opens a stream, of which nothing is read yet.
  ///
  /// - Parameter number: Tells it from other streams of the same store.
  /// - Throws: ``LogitStreamError``
  package init(opening specification: InputSpecification, number: Int = 1) throws(LogitStreamError) {
    let path = specification.file
    let name = specification.name
    guard let raw = specification.raw else { throw .unknownStream(name) }
    self.raw = raw
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
  /// - Throws: ``LogitStreamError/inputOutput(_:)``
  package func prepare(
    keeping kept: Int, spool: SpoolFile?, shouldStop: @escaping @Sendable () -> Bool
  ) throws(LogitStreamError) {
    let spooled: Int
    do throws(FileError) { spooled = try spool?.byteCount() ?? 0 } catch { throw .inputOutput(error) }
    storage.withLock {
      $0.spooledByteCount = spool?.isSource == true ? 0 : spooled
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
  /// - Throws: ``LogitStreamError/otherStream(_:row:spool:)`` if they are others; ``LogitStreamError/fewerRows(_:found:wanted:)`` if
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
        throw .otherStream(input.location, row: row + difference / rowByteCount, spool: spool.path)
      }
      let part = row..<row + byteCount / rowByteCount
      state.withLock {
        $0.rows = part.upperBound
        $0.hash.add(part, UnsafeRawBufferPointer(new))
      }
      row = part.upperBound
    }
  }

  /// Makes sure, once the stream has ended, that it did between two rows, and had as many of them as were asked for, or else as
  /// it once had.
  ///
  /// - Throws: ``LogitStreamError/endsWithinRow(_:rows:byteCount:rowByteCount:)``,
  ///   ``LogitStreamError/fewerRows(_:found:wanted:)``
  package func checkEnd(_ known: Int) throws(LogitStreamError) {
    if let failure = state.withLock({ $0.failure }) { throw failure }
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
    let (count, spooled) = try readNew(rows, into: buffer, shouldStop)
    try self.spool(buffer, spooled..<count, from: rows.lowerBound)
    return block(rows.lowerBound..<rows.lowerBound + count, buffer)
  }

  /// Puts rows of a buffer, which begins with row `first`, into the spool. If they are there, they must be the same.
  private func spool(
    _ buffer: UnsafeMutableRawBufferPointer, _ new: Range<Int>, from first: Int
  ) throws(LogitStreamError) {
    let (spool, known) = storage.withLock { ($0.spool, $0.spooledByteCount) }
    guard let spool, !new.isEmpty else { return }
    let rowByteCount = input.rowByteCount
    let start = (first + new.lowerBound) * rowByteCount
    let bytes = UnsafeMutableRawBufferPointer(
      rebasing: buffer[(new.lowerBound * rowByteCount)..<(new.upperBound * rowByteCount)])
    let old = UnsafeMutableRawBufferPointer.allocate(byteCount: min(bytes.count, max(0, known - start)), alignment: 64)
    defer { old.deallocate() }
    var difference: Int?
    do throws(FileError) {
      if !old.isEmpty {
        try spool.read(at: start, into: old)
        if memcmp(bytes.start, old.start, old.count) != 0 {
          difference = zip(bytes, old).enumerated().first { $1.0 != $1.1 }?.offset
        }
      }
      if difference == nil {
        try spool.write(UnsafeRawBufferPointer(rebasing: bytes[old.count...]), at: start + old.count)
      }
    } catch {
      throw .inputOutput(error)
    }
    guard let difference else { return }
    throw .otherStream(input.location, row: (start + difference) / rowByteCount, spool: spool.path)
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

  /// Reads the next rows, and lets the next worker have its turn. Returns how many there were, and how many of them are
  /// spooled: those that were there when others had to be waited for, so that they outlive the run.
  private func readNew(
    _ rows: Range<Int>, into buffer: UnsafeMutableRawBufferPointer, _ shouldStop: () -> Bool
  ) throws(LogitStreamError) -> (count: Int, spooled: Int) {
    var spooled = 0
    var failure: LogitStreamError?
    let wanted = rows.clamped(to: 0..<(wantedRows ?? .max))
    let found: Int
    do throws(FileError) {
      found = try bytes.read(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(wanted.count * input.rowByteCount)]),
        shouldStop: { failure != nil || shouldStop() },
        haveCome: { byteCount in
          do throws(LogitStreamError) {
            try spool(buffer, spooled..<byteCount / input.rowByteCount, from: rows.lowerBound)
            spooled = byteCount / input.rowByteCount
          } catch { failure = error }
        })
    } catch {
      advance(to: rows.lowerBound, hasEnded: true, buffer)
      throw .inputOutput(error)
    }
    if let failure {
      advance(to: rows.lowerBound, hasEnded: true, buffer)
      throw failure
    }
    if rows.lowerBound == 0 {
      do throws(LogitStreamError) {
        let start = Array(buffer.prefix(min(found, ApparentType.mostBytes)))
        try raw.check(start, of: input.location, isStream: true)
      } catch {
        advance(to: 0, hasEnded: true, buffer)
        throw error
      }
    }
    let (count, rest) = found.quotientAndRemainder(dividingBy: input.rowByteCount)
    let end = rows.lowerBound + count
    advance(to: end, hasEnded: count < rows.count || end == wantedRows, buffer)
    if count < wanted.count, !shouldStop() {
      let failure = endFailure(rows: end, rest: rest)
      state.withLock { $0.failure = failure }
    }
    return (count, spooled)
  }

  /// Why a stream has not ended as it should; nil if it has. What came before it is worth keeping if it is spooled.
  ///
  /// - Parameter rest: The bytes that have come after the last whole row.
  private func endFailure(rows: Int, rest: Int) -> LogitStreamError? {
    guard rest == 0 else {
      return .endsWithinRow(input.location, rows: rows, byteCount: rest, rowByteCount: input.rowByteCount)
    }
    guard let wantedRows, rows < wantedRows else { return nil }
    return .fewerRows(input.location, found: rows, wanted: wantedRows)
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
