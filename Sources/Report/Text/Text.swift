/// Writes numbers and names as people read them.
package enum Text {
  /// 1281167 as "1,281,167".
  package static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  /// "1 cluster", "2,000 clusters".
  package static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// A number to three digits: "0.123", "12.3", "1.23e-07".
  package static func number(_ value: Double) -> String { significant(value, digits: 3) }

  /// A part of a whole: "12.3 %".
  package static func percent(_ part: Double) -> String { fixed(100 * part, digits: 1) + " %" }

  /// "Danish, Swedish, …": the first names, and an ellipsis if there are more.
  package static func list(_ names: [String], most: Int = 10) -> String {
    names.prefix(most).map(printable).joined(separator: ", ") + (names.count > most ? ", …" : "")
  }

  /// A name on one line, with � in place of characters that must not be printed. These are control characters, which
  /// would move a terminal's cursor and which XML does not allow, and characters that change the direction of writing,
  /// which would also turn the text after the name.
  package static func printable(_ name: String) -> String {
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
    switch scalar.value {
    // Embeddings, overrides and isolates of the bidirectional algorithm (Unicode Standard Annex 9).
    case 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: true
    default: scalar.properties.generalCategory == .control
    }
  }
}
