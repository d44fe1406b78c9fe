import Foundation

/// Messages to whoever runs the program, on standard error. Data goes to standard output, elsewhere.
enum Console {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  static func error(_ message: String) { write("logitree: error: \(message)\n") }
  static func warning(_ message: String) { write("logitree: warning: \(message)\n") }
  static func note(_ message: String) { write(message + "\n") }

  /// An object or an array as JSON that people can read.
  static func json(_ object: Any) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// Writes text over the line the cursor is in; an empty text clears it.
  static func overwriteLine(_ text: String) { write("\r\u{1B}[K" + text) }

  private static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1

  /// The columns of the terminal on standard output; nil if there is none.
  static var width: Int? { size.flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } }

  /// The lines of the terminal on standard output; nil if there is none.
  static var height: Int? { size.flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } }

  private static var size: winsize? {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
  }
}
