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

  /// A text in so many columns of a terminal at most: a longer one ends in an ellipsis.
  package static func fitted(_ text: String, columns: Int) -> String { DisplayWidth.fitted(text, columns: columns) }

  /// "Danish, Swedish, …": the first names, and an ellipsis if there are more.
  package static func list(_ names: [String], most: Int = 10) -> String {
    names.prefix(most).joined(separator: ", ") + (names.count > most ? ", …" : "")
  }
}
