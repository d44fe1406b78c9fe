import HDF5

/// The chunks of an HDF5 dataset as they are stored.
final class ChunkIndex: ChunkSource {
  let grid: ChunkGrid
  let steps: [DecodingStep]
  let leavesEdgesUnfiltered: Bool
  let alignment: RowAlignment
  private let dataset: Dataset
  /// Finds bytes that the file itself has; nil if they are in a family of files, or in a file that is being written.
  private let locator: ChunkLocator?
  private let file: PlainFile?
  let present: Int
  var mayGrow: Bool { dataset.isBeingWritten }
  let touched = TouchedRows()

  /// Opens the index of the chunks of `dataset`, which is not virtual.
  init(_ input: RowLayout, chunkShape: [Int], dataset: consuming Dataset) throws(LogitStreamError) {
    grid = ChunkGrid(input.geometry, chunkShape: chunkShape)
    alignment = input.alignment
    let isDirect = dataset.indirection == nil
    file = isDirect ? try PlainFile(dataset.storage.file) : nil
    do {
      locator = isDirect ? try ChunkLocator(dataset) : nil
      leavesEdgesUnfiltered = try dataset.leavesEdgesUnfiltered
      steps = try DecodingStep.all(of: dataset)
      present = try dataset.chunkCount
    } catch {
      throw .library(error)
    }
    self.dataset = dataset
  }

  /// A part's chunk; nil if it was never written.
  func find(_ part: ChunkGrid.Part) throws(LogitStreamError) -> StoredChunk? {
    do {
      if locator != nil, let file {
        return try locator?.location(of: part.offset).map { location in
          let place = StoredChunk.Place(
            file: file, address: location.address, byteCount: location.byteCount,
            skippedFilters: location.skippedFilters)
          return StoredChunk(offset: part.offset, byteCount: location.byteCount, place: place)
        }
      }
      return try dataset.storedByteCount(ofChunk: part.offset).map { byteCount in
        StoredChunk(offset: part.offset, byteCount: byteCount, place: nil)
      }
    } catch {
      throw .library(error)
    }
  }

  func readThroughLibrary(
    _ chunk: StoredChunk, into buffer: UnsafeMutableRawBufferPointer
  ) throws(LogitStreamError) -> UInt32? {
    do { return try dataset.readStoredChunk(chunk.offset, into: buffer) } catch { throw .library(error) }
  }

  func offsets() throws(LogitStreamError) -> [[Int]] {
    do { return try dataset.chunkOffsets(count: present) } catch { throw .library(error) }
  }
}
