import Files
import Texts

/// Where the chunks of a Zarr array are: each in a file of its own.
struct ZarrChunks: Sendable {
  /// The array's directory.
  let directory: String
  /// The file that describes the array.
  let metadata: String
  /// The number of chunks along each dimension.
  let counts: [Int]
  let shape: [Int]
  /// The distances of neighbours in a chunk, if the last index does not change fastest.
  let strides: [Int]?
  let filters: [ChunkFilter]
  /// What stands before the indices of a chunk in the path of its file, and between them.
  let prefix: String
  let separator: String

  /// The path of a chunk's file, by the chunk's place in the grid.
  func path(_ chunk: [Int]) -> String {
    directory.appendingPathComponent(prefix + chunk.map(String.init).joined(separator: separator))
  }

  /// A chunk's file, by the chunk's place in the grid; nil if it was never written.
  func file(_ chunk: [Int]) throws(LogitStreamError) -> PlainFile? {
    do throws(LogitStreamError) {
      return try PlainFile(path(chunk))
    } catch {
      if case .noSuchFile = error { return nil }
      throw error
    }
  }

  private var isNested: Bool { separator == "/" }

  /// Calls `body` with the place in the grid of each chunk that there is a file for, and with each directory that such files are
  /// in.
  func forEachFile(
    _ body: (_ chunk: [Int]) -> Void, directory visit: (String) -> Void = { _ in }
  ) throws(LogitStreamError) {
    var waiting = [(path: directory.appendingPathComponent(isNested ? prefix : ""), indices: [Int]())]
    while let (path, indices) = waiting.popLast() {
      let names: [String]
      do throws(FileError) {
        names = try FileSystem.names(in: path)
      } catch {
        // No chunk was ever written.
        guard error.code == .noSuchFileOrDirectory || error.code == .notDirectory else { throw .inputOutput(error) }
        continue
      }
      visit(path)
      for name in names {
        guard isNested else {
          if name.hasBytePrefix(prefix), let chunk = self.indices(in: name), isInGrid(chunk) { body(chunk) }
          continue
        }
        guard let index = Self.index(Substring(name)) else { continue }
        let deeper = indices + [index]
        if deeper.count == counts.count {
          if isInGrid(deeper) { body(deeper) }
        } else if index < counts[deeper.count - 1] {
          waiting.append((path.appendingPathComponent(name), deeper))
        }
      }
    }
  }

  private func isInGrid(_ chunk: [Int]) -> Bool {
    chunk.count == counts.count && zip(chunk, counts).allSatisfy { $0 < $1 }
  }

  /// The indices in the name of a file.
  private func indices(in name: String) -> [Int]? {
    var indices: [Int] = []
    for part in name.utf8.dropFirst(prefix.utf8.count).split(
      separator: separator.utf8.first ?? 0, omittingEmptySubsequences: false)
    {
      guard let index = Self.index(Substring(part)) else { return nil }
      indices.append(index)
    }
    return indices
  }

  /// A number as it is written in the names of chunks: without zeros before it.
  private static func index(_ text: Substring) -> Int? {
    guard let number = Int(text), number >= 0, String(number) == text else { return nil }
    return number
  }

  private static let mostFiles = 1 << 12

  /// The files and directories that tell whether the array has changed: what describes it, the directories of its chunks, and
  /// the chunks, or evenly spaced ones among very many.
  func files() -> [String] {
    var directories: [String] = []
    var chunks: [String] = []
    var seen = 0
    var step = 1
    // What can't be listed now shows when rows are read.
    try? forEachFile { chunk in
      seen += 1
      guard seen % step == 0 else { return }
      chunks.append(path(chunk))
      guard chunks.count > Self.mostFiles else { return }
      step *= 2
      chunks = chunks.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    } directory: { path in
      if directories.count < Self.mostFiles { directories.append(path) }
    }
    return [metadata] + directories.sorted() + chunks.sorted()
  }
}

/// The chunks of a Zarr array, found by their files' names.
final class ZarrChunkIndex: ChunkSource {
  let grid: ChunkGrid
  let steps: [DecodingStep]
  let alignment: RowAlignment
  let present: Int
  let touched = TouchedRows()
  private let input: RowLayout
  private let chunks: ZarrChunks
  private let chunkShape: [Int]

  var leavesEdgesUnfiltered: Bool { false }
  var mayGrow: Bool { false }

  init(_ input: RowLayout, chunkShape: [Int], _ chunks: ZarrChunks) throws(LogitStreamError) {
    self.input = input
    self.chunks = chunks
    self.chunkShape = chunkShape
    grid = ChunkGrid(input.geometry, chunkShape: chunkShape, strides: chunks.strides)
    alignment = input.alignment
    steps = chunks.filters.map { .own($0) }
    var present = 0
    try chunks.forEachFile { _ in present += 1 }
    self.present = present
  }

  func find(_ part: ChunkGrid.Part) throws(LogitStreamError) -> StoredChunk? {
    guard let file = try chunks.file(zip(part.offset, chunkShape).map { $0 / $1 }) else { return nil }
    let place = StoredChunk.Place(file: file, address: 0, byteCount: file.byteCount, skippedFilters: 0)
    return StoredChunk(offset: part.offset, byteCount: file.byteCount, place: place)
  }

  func readThroughLibrary(
    _ chunk: StoredChunk, into buffer: UnsafeMutableRawBufferPointer
  ) throws(LogitStreamError) -> UInt32? { nil }

  func offsets() throws(LogitStreamError) -> [[Int]] {
    var offsets: [[Int]] = []
    try chunks.forEachFile { chunk in offsets.append(zip(chunk, chunkShape).map { $0 * $1 }) }
    return offsets
  }
}
