/// The integers of an array that NumPy or PyTorch has written, in C order, read part by part.
package final class NPYIntegers: Sendable {
  package let format: IntegerFormat
  /// The number of elements, over all dimensions.
  package let count: Int
  private let file: any ByteReading
  private let offset: Int

  init(_ format: IntegerFormat, count: Int, in file: any ByteReading, at offset: Int) {
    self.format = format
    self.count = count
    self.file = file
    self.offset = offset
  }

  /// The integers in a range of elements, as bytes.
  ///
  /// - Throws: ``LogitStreamError`` if they can't be read.
  package func bytes(_ range: Range<Int>) throws(LogitStreamError) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return try file.bytes(
      offset + range.lowerBound * format.byteCount..<offset + range.upperBound * format.byteCount)
  }
}
