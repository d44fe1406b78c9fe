import Synchronization

/// The elements of a Zarr array of one dimension, as if they lay one after another in a file.
final class ZarrColumn: ByteReading {
  let path: String
  let location: String
  let byteCount: Int
  private let array: StoredArray
  private let chunks: ZarrChunks
  private let elementByteCount: Int
  private let chunkByteCount: Int
  /// The chunk that was decoded last, by its index: columns are read part by part.
  private let last = Mutex<(index: Int, bytes: [UInt8])?>(nil)

  private static let mostChunkBytes = 1 << 30

  /// - Throws: ``LogitStreamError`` if it can't be read.
  init(_ array: StoredArray, _ chunks: ZarrChunks, elementByteCount: Int) throws(LogitStreamError) {
    path = array.file
    location = LogitInput.location(array.file, array.name)
    if let codec = array.unknownCodec { throw .unknownCodec(file: array.file, dataset: array.name, codec: codec) }
    guard array.shape.count == 1, let side = array.chunkShape?.first else {
      throw .severalDimensions(location, shape: array.shape)
    }
    // Their products were found to be possible when the array was described.
    (byteCount, chunkByteCount) = (array.shape[0] * elementByteCount, side * elementByteCount)
    guard chunkByteCount <= Self.mostChunkBytes else {
      throw .incomplete(
        file: array.file, dataset: array.name,
        reason: "its chunks have \(chunkByteCount) bytes, and \(Self.mostChunkBytes) are read at most")
    }
    (self.array, self.chunks, self.elementByteCount) = (array, chunks, elementByteCount)
  }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError) {
    guard offset + buffer.count <= byteCount else {
      throw .endsEarly(location, needed: offset + buffer.count, found: byteCount)
    }
    var done = 0
    while done < buffer.count {
      let (index, start) = (offset + done).quotientAndRemainder(dividingBy: chunkByteCount)
      let count = min(buffer.count - done, chunkByteCount - start)
      let bytes = try chunk(index)
      UnsafeMutableRawBufferPointer(rebasing: buffer[done..<done + count]).copyBytes(from: bytes[start..<start + count])
      done += count
    }
  }

  private func chunk(_ index: Int) throws(LogitStreamError) -> [UInt8] {
    if let known = last.withLock({ $0?.index == index ? $0?.bytes : nil }) { return known }
    let bytes = try decoded(index)
    last.withLock { $0 = (index, bytes) }
    return bytes
  }

  private func decoded(_ index: Int) throws(LogitStreamError) -> [UInt8] {
    guard let file = try chunks.file([index]) else { return try fill(index) }
    let first = index * (chunkByteCount / elementByteCount)
    let rows = first..<min(first + chunkByteCount / elementByteCount, array.shape[0])
    func damaged(_ reason: String) -> LogitStreamError {
      .damagedChunk(file: array.file, dataset: array.name, rows: rows, reason: reason)
    }
    let steps = chunks.filters.map(DecodingStep.own)
    guard file.byteCount <= ChunkDecoder.mostStored(steps, chunkByteCount: chunkByteCount) else {
      throw damaged("it takes \(file.byteCount) bytes, where its elements take \(chunkByteCount)")
    }
    var decoder = ChunkDecoder()
    try file.read(at: 0, into: decoder.stored(byteCount: file.byteCount))
    do throws(DecodingFailure) {
      let elements = try decoder.decode(steps, skipping: 0, chunkByteCount: chunkByteCount, nil)
      return [UInt8](UnsafeRawBufferPointer(start: elements, count: chunkByteCount))
    } catch {
      throw damaged(error.reason)
    }
  }

  /// A chunk without a file: writers leave out those that are fill value throughout, as of the first label.
  private func fill(_ index: Int) throws(LogitStreamError) -> [UInt8] {
    guard array.fillBytes.count == elementByteCount else {
      throw .incomplete(
        file: array.file, dataset: array.name, reason: "chunk \(index) has no file, and its fill value is no integer")
    }
    return (0..<chunkByteCount).map { array.fillBytes[$0 % elementByteCount] }
  }
}
