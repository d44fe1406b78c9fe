import Foundation
import Store

/// Messages to whoever runs the program, on standard error. Data goes to standard output, elsewhere.
enum Console {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  static func error(_ message: String) { write("logitree: error: \(message)\n") }
  static func warning(_ message: String) { write("logitree: warning: \(message)\n") }
  static func note(_ message: String) { write(message + "\n") }

  /// Prints an object or an array on standard output.
  static func print(json object: Any) throws {
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    try OutputFile.writeToStandardOutput(Array(data) + Array("\n".utf8))
  }

  /// Writes text over the line the cursor is in; an empty text clears it.
  static func overwriteLine(_ text: String) { write("\r\u{1B}[K" + text) }

  private static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// The columns of the terminal on standard output; nil if there is none.
  static var width: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
