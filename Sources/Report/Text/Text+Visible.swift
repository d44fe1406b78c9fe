import Texts

/// Text from files and arguments, as it can be shown in a terminal and in a picture.
extension Text {
  /// A name on one line, in which nothing is hidden: see ``visible(_:)``. A name of blanks alone is written as escapes too.
  package static func shown(_ name: String) -> String {
    let isBlank = name.unicodeScalars.allSatisfy {
      $0.isHidden || $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint
    }
    return isBlank ? name.unicodeScalars.map(escape).joined() : visible(name)
  }

  /// A text on one line, with an escape such as `\u{1b}` in place of each character that must not be printed, or that
  /// nobody would see: control characters, which move a terminal's cursor and which XML does not allow; line ends of all
  /// kinds; characters that change the direction of writing, also of the text after them; and others without width. A byte
  /// of a file's name that is no UTF-8 is `\xff`.
  ///
  /// Backslashes are doubled where what follows would look like such an escape, or is one.
  package static func visible(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var visible = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      if scalar.isHidden {
        visible.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        visible.append(scalar)
        if scalar == "\\", isDoubled(scalars[index...]) { visible.append(scalar) }
      }
    }
    return String(visible)
  }

  /// Whether the backslash that a text begins with is to be doubled: it is one of several, or the only one, before an
  /// escape or what looks like one.
  private static func isDoubled(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    let rest = scalars.drop { $0 == "\\" }
    return rest.first?.isHidden == true || rest.starts(with: ["u", "{"])
      || rest.first == "x" && rest.dropFirst().prefix(2).count(where: \.properties.isASCIIHexDigit) == 2
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    scalar.byte.map { "\\x\(String($0, radix: 16))" } ?? "\\u{\(String(scalar.value, radix: 16))}"
  }
}
