import Report
import Texts

/// Commands as people paste them into a shell.
enum Shell {
  /// A word as a shell takes it: in quotes if it holds anything but plain characters, and in such as bash and zsh have
  /// them, with escapes, if it holds any that must not be printed.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "/._-:+,=@%".utf8.contains(byte)
      }
    }
    guard !isPlain || word.isEmpty else { return word }
    if word.unicodeScalars.contains(where: \.isHidden) { return withEscapes(word) }
    // By bytes: with an accent after it, a quote would be another character.
    return "'" + replacingQuotes(in: word, by: "'\\''") + "'"
  }

  private static func replacingQuotes(in word: String, by other: String) -> String {
    let quote = UInt8(ascii: "'")
    return word.utf8.split(separator: quote, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    .joined(separator: other)
  }

  private static func withEscapes(_ word: String) -> String {
    var text = "$'"
    for scalar in word.unicodeScalars {
      if scalar.isHidden {
        for byte in scalar.byte.map({ [$0] }) ?? Array(String(scalar).utf8) {
          text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
      } else {
        if scalar == "'" || scalar == "\\" { text += "\\" }
        text.unicodeScalars.append(scalar)
      }
    }
    return text + "'"
  }
}

extension Message.StringInterpolation {
  /// A command, or a word of one, in which ``Shell/quoted(_:)`` has left nothing hidden. A shell would take the doubled
  /// backslashes of other texts for two.
  mutating func appendInterpolation(command: String) { appendInterpolation(Message(drawn: command)) }
}
