/// Bytes that are read at any place by any number of threads at once: those of a file, or of a part of one.
protocol ByteReading: Sendable {
  /// The file's path.
  var path: String { get }
  /// What messages call the bytes: the file, or the file and a name in it.
  var location: String { get }
  var byteCount: Int { get }

  /// Fills a buffer with the bytes from `offset` on.
  ///
  /// - Throws: ``LogitStreamError`` if there are fewer, or if they can't be read.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError)

  /// Says that some bytes will be wanted soon.
  func willNeed(_ range: Range<Int>)
}

extension ByteReading {
  func willNeed(_ range: Range<Int>) {}

  /// The first bytes, up to `count`.
  func head(_ count: Int) throws(LogitStreamError) -> [UInt8] { try bytes(0..<min(count, byteCount)) }

  /// The bytes in a range, all of which must be there.
  func bytes(_ range: Range<Int>) throws(LogitStreamError) -> [UInt8] {
    guard range.upperBound <= byteCount else { throw .endsEarly(location, needed: range.upperBound, found: byteCount) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 1)
    defer { buffer.deallocate() }
    try read(at: range.lowerBound, into: buffer)
    return [UInt8](buffer)
  }
}

/// A part of a file, as if it were one.
struct FilePart: ByteReading {
  let file: PlainFile
  let offset: Int
  let byteCount: Int
  let location: String

  var path: String { file.path }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError) {
    guard offset + buffer.count <= byteCount else {
      throw .endsEarly(location, needed: offset + buffer.count, found: byteCount)
    }
    try file.read(at: self.offset + offset, into: buffer)
  }

  func willNeed(_ range: Range<Int>) { file.willNeed(offset + range.lowerBound..<offset + range.upperBound) }
}

/// Numbers in bytes, the lowest byte first.
struct LittleEndian {
  let bytes: [UInt8]

  /// The number that begins at an offset; nil if the bytes end before it does.
  func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type, at offset: Int) -> Number? {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Number>.size else { return nil }
    return bytes[offset..<offset + MemoryLayout<Number>.size].reversed().reduce(0) { $0 << 8 | Number($1) }
  }

  /// The same as an integer that can be a size or an offset; nil also if it is too large for one.
  func integer<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type, at offset: Int) -> Int? {
    number(type, at: offset).flatMap { Int(exactly: $0) }
  }
}
