/// The width of text in some sans-serif font, estimated from above.
package enum TextWidth {
  /// The width of a text in units of the font's size.
  ///
  /// Basic Latin has the widths of DejaVu Sans, one of the widest fonts that systems come with. Other characters have a
  /// width for their kind.
  package static func ems(_ text: some StringProtocol) -> Double {
    Double(text.unicodeScalars.reduce(0) { $0 + hundredths($1) }) / 100
  }

  /// A text cut to fit into a width, with an ellipsis in place of the rest.
  static func fitted(_ text: String, ems room: Double) -> String {
    guard ems(text) > room else { return text }
    var used = ems("…")
    let kept = text.prefix { character in
      used += ems(String(character))
      return used <= room
    }
    return kept + "…"
  }

  private static func hundredths(_ scalar: Unicode.Scalar) -> Int {
    if (0x20..<0x7F).contains(scalar.value) { return latin[Int(scalar.value) - 0x20] }
    if DisplayWidth.isZeroWidth(scalar) { return 0 }
    if DisplayWidth.isWide(scalar) { return scalar.properties.isEmojiPresentation ? 135 : 102 }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter, .titlecaseLetter, .otherLetter: 85
    case .lowercaseLetter: 72
    default: 100
    }
  }

  /// The advance widths of U+0020 to U+007E in DejaVu Sans.
  private static let latin = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61,
    69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59,
    82, 59, 59, 52, 64, 34, 64, 84,
  ]
}
