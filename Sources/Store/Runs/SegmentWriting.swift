import HDF5
import LogitStream
import LogitsToHierarchy
import Threads

/// A scanned segment that is being written: a segment is written while the next one is scanned, or while the merge loop runs on
/// what is in memory of it, so that waiting for the disk costs no time.
struct SegmentWriting {
  /// The file it will be.
  let name: String
  private let segment: ScannedSegment
  private let written: BackgroundTask<Manifest.Segment>

  /// Begins to write a segment.
  init(
    _ segment: ScannedSegment, of slices: [RowSlice], to directory: StoreDirectory, as name: String,
    _ passes: SourcePasses
  ) {
    self.name = name
    self.segment = segment
    written = BackgroundTask {
      let result = segment.result()
      let file: Manifest.File
      do {
        file = try directory.addFile(name) { path throws(HDF5Error) in
          try SegmentFile.write(result, segment, to: path)
        }
      } catch {
        // The next segment may wait for rows that come late.
        passes.source.stream?.giveUp()
        throw error
      }
      passes.recycle(segment)
      return Manifest.Segment(
        file: file, slices: slices, skippedRows: result.skippedRows,
        unwrittenRows: result.skippedRows == 0 ? nil : result.unwrittenRows,
        irregularRows: result.irregularRows == 0 ? nil : result.irregularRows)
    }
  }

  /// Waits until it is on disk.
  func wait() throws -> Manifest.Segment { try written.value() }

  /// What it tells, from memory: no other may be scanned as long as its sketches are read. What it adds up to is found once more: it
  /// takes milliseconds, and as much memory as all else if it were kept.
  func content() -> (result: PassResult, sketches: ScannedSketches?) {
    (segment.result(), segment.sketches.map { ScannedSketches($0, segment.assignments) })
  }
}
