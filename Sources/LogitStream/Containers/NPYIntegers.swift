/// A `.npy` file of integers in C order, read part by part.
package final class NPYIntegers: Sendable {
  package let format: IntegerFormat
  /// The number of elements, over all dimensions.
  package let count: Int
  private let file: PlainFile
  private let offset: Int

  /// Opens a file; nil if it is no `.npy`.
  ///
  /// - Throws: ``LogitStreamError`` if it is damaged, or if its elements are no integers.
  package init?(opening path: String) throws(LogitStreamError) {
    file = try PlainFile(path)
    guard try file.head(NPYHeader.magic.count) == NPYHeader.magic else { return nil }
    let array = try NPYHeader.array(in: file)
    guard let format = array.integerFormat, case .contiguous(let offset) = array.access else {
      throw .notIntegers(file: path, dataset: "", type: array.type)
    }
    guard !array.isColumnMajor else { throw .columnMajorIntegers(path) }
    self.format = format
    self.offset = offset
    count = array.shape.reduce(1, *)
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
