import Foundation
import Synchronization

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

  /// A script: its text, or the path of its file.
  package enum Script: Sendable {
    case text(String)
    case file(String)
  }

  /// Runs a script in a directory; `arguments` are `sys.argv[1...]`. It may end as it likes.
  package static func run(
    _ script: Script, _ arguments: [String] = [], in directory: URL
  ) async throws -> Finished {
    let logs = try Logs()
    let worker = try PythonWorker.shared.get()
    let ended = try await withCheckedThrowingContinuation { continuation in
      worker.run(script, arguments, in: directory, logs) { continuation.resume(with: $0) }
    }
    ProcessorTime.current?.add(ended.seconds)
    return try logs.finished(status: ended.status)
  }

  /// Runs a script, in which `sys.argv[1]` is an argument, and waits for its end. It must succeed.
  ///
  /// The thread that waits is not used for anything else meanwhile: this is for scripts that take milliseconds.
  static func run(_ script: String, argument: String) throws {
    let logs = try Logs()
    let ended = DispatchSemaphore(value: 0)
    let result = Mutex<Result<PythonWorker.Ended, any Error>?>(nil)
    let directory = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    try PythonWorker.shared.get().run(.text(script), [argument], in: directory, logs) { found in
      result.withLock { $0 = found }
      ended.signal()
    }
    ended.wait()
    let finished = try logs.finished(status: result.withLock { try $0?.get().status } ?? -1)
    guard finished.status == 0 else { throw Failure(description: finished.errors) }
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }
}
