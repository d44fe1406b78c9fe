import Glibc

/// Numbers with a given number of digits, as C's `printf` writes them.
extension Text {
  /// A number with `digits` digits after the point, as `%.3f` writes it: "0.123", "12.300".
  package static func fixed(_ value: Double, digits: Int) -> String { printed("%.*f", digits, value) }

  /// A number with `digits` significant digits, as `%.3g` writes it: "0.123", "12.3", "1.23e-07".
  package static func significant(_ value: Double, digits: Int) -> String { printed("%.*g", digits, value) }

  /// What `printf` writes for a format that takes a number of digits and a number.
  private static func printed(_ format: String, _ digits: Int, _ value: Double) -> String {
    precondition(0...100 ~= digits)
    // The largest number has 309 digits before the point. A sign, the point and a zero byte are added.
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 320 + digits) { characters in
      let length = withVaList([Int32(digits), value]) {
        vsnprintf(characters.baseAddress, characters.count, format, $0)
      }
      return String(
        decoding: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(characters)[..<Int(length)]), as: UTF8.self)
    }
  }
}
