import Files
import Glibc
import Report

/// Messages to whoever runs the program, on standard error, and answers on standard output. Data goes there by other code.
enum Console {
  static let isTerminal = isatty(STDERR_FILENO) == 1
  /// Whether standard input is a terminal, from which no rows come.
  static let isInputTerminal = isatty(STDIN_FILENO) == 1
  /// Whether standard input is a file, which can be read again.
  static let isInputFile = {
    var status = stat()
    return fstat(STDIN_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }()

  static func error(_ message: Message) { write("logitree: error: \(message.text)\n") }
  static func warning(_ message: Message) { write("logitree: warning: \(message.text)\n") }
  static func note(_ message: Message) { write(message.text + "\n") }

  /// Writes what people asked for, on standard output.
  static func print(_ message: Message) throws(FileError) {
    try OutputFile.writeToStandardOutput(Array(message.text.utf8))
  }

  /// Overwrites the line that the cursor is in. An empty text clears it. A text that is too long for a line of the terminal
  /// is cut off: what is in the lines above could not be overwritten.
  static func overwriteLine(_ text: String) {
    let columns = size(of: STDERR_FILENO).map { Int($0.ws_col) } ?? 0
    write("\r\u{1B}[K" + Text.fitted(text, columns: columns > 1 ? columns - 1 : 79))
  }

  private static func write(_ text: String) {
    var left = Array(text.utf8)[...]
    while !left.isEmpty {
      let count = left.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // If messages can't be written, there is nobody to tell.
      guard count > 0 else { return }
      left.removeFirst(count)
    }
  }

  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1

  /// The columns of the terminal on standard output; nil if there is none.
  static var width: Int? { size(of: STDOUT_FILENO).flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } }

  /// The lines of the terminal on standard output; nil if there is none.
  static var height: Int? { size(of: STDOUT_FILENO).flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } }

  private static func size(of terminal: Int32) -> winsize? {
    var size = winsize()
    return ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
  }
}
