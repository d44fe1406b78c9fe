/// A number of bytes, printed with a binary unit: "1.5 GiB".
package struct ByteCount: Sendable, Hashable, CustomStringConvertible {
  package let bytes: Int

  package init(_ bytes: Int) { self.bytes = bytes }

  /// Reads "64MiB", "1.5 GiB", "4096"; nil for anything else, and for numbers that are not positive.
  package init?(parsing text: String) {
    let units = ["": 1.0, "B": 1, "KiB": 0x1p10, "MiB": 0x1p20, "GiB": 0x1p30, "TiB": 0x1p40]
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text[number.endIndex...].drop { $0 == " " }
    guard let value = Double(number), let factor = units[String(unit)],
      let bytes = Int(exactly: (value * factor).rounded()), bytes > 0
    else { return nil }
    self.bytes = bytes
  }

  package var description: String { text(.toNearestOrAwayFromZero) }

  /// The description of this many bytes or a few more: given as a size, it is enough.
  package var roundedUp: String { text(.up) }

  private func text(_ rounding: FloatingPointRoundingRule) -> String {
    var value = Double(bytes)
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
      if value < 1000 { return Self.digits(value, integral: unit == "bytes", rounding) + " " + unit }
      value /= 1024
    }
    return Self.digits(value, integral: false, rounding) + " TiB"
  }

  private static func digits(_ value: Double, integral: Bool, _ rounding: FloatingPointRoundingRule) -> String {
    if integral || value >= 99.95 { return String(Int(value.rounded(rounding))) }
    let tenths = Int((value * 10).rounded(rounding))
    return "\(tenths / 10).\(tenths % 10)"
  }
}
