/// Text for people in a terminal, in which what comes from elsewhere can't do harm.
///
/// Its literal parts are the program's own, with line ends where it wants them. Whatever is interpolated, names of files
/// above all, but errors too, is made visible (``Text/visible(_:)``). Only what is a message already stays as it is.
///
///     let message: Message = "\(path): can't be read\nrun it again"   // has one line end, whatever the path
package struct Message: Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
  package let text: String

  package init(stringLiteral text: String) { self.text = text }

  package var description: String { text }

  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// What a table or a drawing made of texts that it has made visible itself.
  package init(drawn text: String) { self.text = text }

  package struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { text += literal }

    package mutating func appendInterpolation(_ value: some Any) { text += Text.visible("\(value)") }

    package mutating func appendInterpolation(_ message: Message) { text += message.text }

    /// A name, of which something is to be seen even if it is but blanks.
    package mutating func appendInterpolation(name: String) { text += Text.shown(name) }

    /// "Danish, Swedish, …": the first names, and an ellipsis if there are more.
    package mutating func appendInterpolation(names: [String], most: Int = 10) {
      text += Text.list(names.prefix(most + 1).map(Text.shown), most: most)
    }
  }

  package static func + (first: Message, second: Message) -> Message { Message(drawn: first.text + second.text) }
}

extension Sequence<Message> {
  package func joined(separator: Message = "") -> Message {
    Message(drawn: map(\.text).joined(separator: separator.text))
  }
}
