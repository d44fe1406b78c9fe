/// The strings of a one-dimensional array that NumPy has written, read part by part.
package final class NPYStrings: Sendable {
  package let count: Int
  private let format: StringFormat
  private let file: any ByteReading
  private let offset: Int

  private static let partByteCount = 1 << 20

  init(_ format: StringFormat, count: Int, in file: any ByteReading, at offset: Int) {
    self.format = format
    self.count = count
    self.file = file
    self.offset = offset
  }

  /// Hands on the strings, one after another.
  ///
  /// - Throws: ``LogitStreamError`` if they can't be read, or if one is no text; what `body` throws.
  package func forEachString(_ body: (String) throws -> Void) throws {
    let width = format.byteCount
    let partLength = max(1, Self.partByteCount / max(1, width))
    for start in stride(from: 0, to: count, by: partLength) {
      let rows = start..<min(start + partLength, count)
      let bytes = try file.bytes(offset + rows.lowerBound * width..<offset + rows.upperBound * width)
      for row in rows {
        let first = (row - start) * width
        guard let string = format.string(bytes[first..<first + width]) else {
          throw LogitStreamError.noText(file.location, row: row, encoding: format.encoding.rawValue)
        }
        try body(string)
      }
    }
  }
}
