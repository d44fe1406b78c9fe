import Foundation

/// What a command or a script that has ended left behind.
package struct Finished: Sendable {
  /// The exit code, or 128 + the number of the signal that ended it.
  package let status: Int32
  package let output: Data
  package let errors: String

  package var outputText: String { String(decoding: output, as: UTF8.self) }

  /// The lines on standard error, without empty ones.
  package var errorLines: [Substring] { errors.split(separator: "\n") }
}

/// The files that a command's output and errors go to.
///
/// Files and no pipes, so that what the command leaves running is not waited for.
package final class Logs: Sendable {
  private let directory: TemporaryDirectory

  package init() throws { directory = try TemporaryDirectory() }

  package var output: String { directory.path("output") }
  package var errors: String { directory.path("errors") }

  package func finished(status: Int32) throws -> Finished {
    Finished(
      status: status, output: try Data(contentsOf: URL(fileURLWithPath: output)),
      errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: errors)), as: UTF8.self))
  }
}
