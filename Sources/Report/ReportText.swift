import Foundation

/// Numbers and names as reports show them.
enum ReportText {
  /// 1281167 as "1,281,167"; not negative.
  static func grouped(_ number: Int) -> String {
    let digits = String(number)
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  /// "1 cluster", "2,000 clusters".
  static func count(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }

  /// A number to three digits: "0.123", "12.3", "1.23e-07".
  static func number(_ value: Double) -> String { String(format: "%.3g", value) }

  /// A part of a whole: "12.3 %".
  static func percent(_ part: Double) -> String { String(format: "%.1f %%", 100 * part) }

  /// A name on one line, with � in place of control characters, which would move a terminal's cursor, and which XML
  /// does not allow.
  static func printable(_ name: String) -> String {
    guard name.unicodeScalars.contains(where: { isSpace($0) || isUnprintable($0) }) else { return name }
    var text = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      text.append(isSpace(scalar) ? " " : isUnprintable(scalar) ? "\u{FFFD}" : scalar)
    }
    return String(text)
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control || scalar.value == 0xFFFE || scalar.value == 0xFFFF
  }
}
