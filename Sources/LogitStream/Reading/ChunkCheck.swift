import HDF5

/// Makes sure that what the library reads of a dataset is what is in the file.
///
/// The library does not look how many bytes come out of a chunk, and reads beyond them if they are too few.
package enum ChunkCheck {
  /// Decodes all chunks of a dataset, or those of its sources if it is virtual.
  ///
  /// - Throws: ``LogitStreamError`` that says what is missing or damaged.
  package static func check(_ dataset: borrowing Dataset) throws(LogitStreamError) {
    FilterDecoder.areProvided
    let result: Result<Void, LogitStreamError>
    do throws(HDF5Error) {
      switch dataset.layout {
      case .virtual: result = try checkSources(of: dataset)
      case .chunked(let shape): result = try checkChunks(of: dataset, shape)
      case .contiguous, .compact: return
      }
    } catch {
      throw .library(error)
    }
    try result.get()
  }

  private static func checkSources(of dataset: borrowing Dataset) throws(HDF5Error) -> Result<Void, LogitStreamError> {
    let virtual = try VirtualSources(dataset)
    let isPartial = "some of its elements are in no other dataset, or were never written there"
    if let problem = virtual.problem ?? (virtual.isComplete ? nil : isPartial) {
      return .failure(.incomplete(file: dataset.file, dataset: dataset.path, reason: problem))
    }
    for source in virtual.sources {
      // Virtual datasets are of few levels, and not of themselves: that was looked for.
      let source = try File(readOnly: source.file).dataset(source.dataset)
      let result = Result { () throws(LogitStreamError) in try check(source) }
      guard case .success = result else { return result }
    }
    return .success(())
  }

  private static func checkChunks(
    of dataset: borrowing Dataset, _ chunkShape: [Int]
  ) throws(HDF5Error) -> Result<Void, LogitStreamError> {
    guard !dataset.shape.contains(0) else { return .success(()) }
    let steps = try DecodingStep.all(of: dataset)
    let leavesEdgesUnfiltered = try dataset.leavesEdgesUnfiltered
    let chunkByteCount = chunkShape.reduce(dataset.elementByteCount, *)
    var decoder = ChunkDecoder()
    let last = zip(dataset.shape, chunkShape).map { ($0 - 1) / $1 }
    var present = try dataset.chunkCount
    for chunk in Odometer(from: last.map { _ in 0 }, through: last) {
      guard present > 0 else { break }
      let offset = zip(chunk, chunkShape).map { $0 * $1 }
      guard let byteCount = try dataset.storedByteCount(ofChunk: offset) else { continue }
      present -= 1
      func damaged(_ reason: String) -> Result<Void, LogitStreamError> {
        let rows = offset.first.map { $0..<$0 + (chunkShape.first ?? 1) } ?? 0..<1
        return .failure(.damagedChunk(file: dataset.file, dataset: dataset.path, rows: rows, reason: reason))
      }
      guard byteCount <= ChunkDecoder.mostStored(steps, chunkByteCount: chunkByteCount) else {
        return damaged("it takes \(byteCount) bytes, where its elements take \(chunkByteCount)")
      }
      let isEdge = zip(offset, zip(chunkShape, dataset.shape)).contains { $0 + $1.0 > $1.1 }
      guard let mask = try dataset.readStoredChunk(offset, into: decoder.stored(byteCount: byteCount)) else {
        return damaged("it takes other than \(byteCount) bytes")
      }
      do throws(DecodingFailure) {
        _ = try decoder.decode(
          steps, skipping: isEdge && leavesEdgesUnfiltered ? .max : mask, chunkByteCount: chunkByteCount, nil)
      } catch {
        return damaged(error.reason)
      }
    }
    return .success(())
  }
}
