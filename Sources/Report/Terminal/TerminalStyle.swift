/// How text stands out in a terminal: with colours, or not at all.
package struct TerminalStyle: Sendable {
  /// The colours that a terminal can show.
  package enum Colours: Sendable {
    case none
    /// The 256 colours of xterm.
    case indexed
    /// Red, green and blue, with 256 shades each.
    case full
  }

  private let colours: Colours

  package init(_ colours: Colours) { self.colours = colours }

  package static let plain = TerminalStyle(.none)

  /// Text in the colour of a group; unchanged if there is no group.
  func coloured(_ text: String, group: Int?) -> String {
    guard let group else { return text }
    let (red, green, blue) = Palette.textColours[group % Palette.textColours.count]
    return switch colours {
    case .none: text
    case .indexed: wrapped(text, "38;5;\(Self.index(red, green, blue))")
    case .full: wrapped(text, "38;2;\(red);\(green);\(blue)")
    }
  }

  func dim(_ text: String) -> String { wrapped(text, "2") }
  func bold(_ text: String) -> String { wrapped(text, "1") }

  private func wrapped(_ text: String, _ code: String) -> String {
    colours == .none || text.isEmpty ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  /// The nearest colour of xterm's 6 × 6 × 6 cube, whose shades are 0, 95, 135, 175, 215 and 255.
  private static func index(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    func shade(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
    return 16 + 36 * shade(red) + 6 * shade(green) + shade(blue)
  }
}
