import Foundation

/// The Python that has the libraries which tests compare with.
package enum Python {
  /// The interpreter that LOGITREE_PYTHON names, or that of the package's own environment.
  package static func interpreter() throws -> String {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    let python =
      ProcessInfo.processInfo.environment["LOGITREE_PYTHON"] ?? package.appending(path: ".venv/bin/python").path
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw Failure(description: "no Python at \(python): run tools/setup --python, or set LOGITREE_PYTHON")
    }
    return python
  }

  /// Runs a script, in which `sys.argv[1]` is an argument.
  static func run(_ script: String, argument: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try interpreter())
    process.arguments = ["-c", script, argument]
    let messages = Pipe()
    process.standardError = messages
    try process.launchAlone()
    let output = messages.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(description: String(decoding: output, as: UTF8.self)) }
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }
}
