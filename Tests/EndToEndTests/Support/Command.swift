import Foundation
import TestSupport

/// What a command that has ended left behind.
struct Finished: Sendable {
  /// The exit code, or 128 + the number of the signal that ended it.
  let status: Int32
  let output: Data
  let errors: String

  var outputText: String { String(decoding: output, as: UTF8.self) }

  /// The lines on standard error, without empty ones.
  var errorLines: [Substring] { errors.split(separator: "\n") }
}

/// A command that was started in a directory, its output and errors going to files.
final class Command {
  private let process: Process
  private let ended = DispatchSemaphore(value: 0)
  private let logs: URL

  /// `environment` comes on top of the tests' own.
  init(_ executable: String, _ arguments: [String], in directory: URL, environment: [String: String] = [:]) throws {
    logs = FileManager.default.temporaryDirectory.appending(path: "logitree-log-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
    process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let files = try ["output", "errors"].map { try Self.file(logs.appending(path: $0)) }
    // The command has its own by then. Foundation keeps them open for longer than it keeps the process, and starts none
    // any more when there are a thousand.
    defer { for file in files { try? file.close() } }
    process.standardOutput = files[0]
    process.standardError = files[1]
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.launchAlone()
  }

  deinit { try? FileManager.default.removeItem(at: logs) }

  private static func file(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  var isRunning: Bool { process.isRunning }

  /// Waits until something is so, or the command has ended.
  func wait(until isSo: () throws -> Bool) rethrows {
    while isRunning, try !isSo() { usleep(500) }
  }

  /// Waits until the command has a handler for a signal, or has ended: however busy the machine is, sent after that the
  /// signal is the command's to answer.
  func waitUntilItCatches(_ signal: Int32) { wait { catches(signal) } }

  private func catches(_ signal: Int32) -> Bool {
    // A process that has ended since has none.
    let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let mask = status?.firstMatch(of: /SigCgt:\s*([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) }
    return mask.map { $0 >> (signal - 1) & 1 == 1 } ?? false
  }

  /// Waits for the end.
  func finish() throws -> Finished {
    ended.wait()
    ended.signal()
    let code = process.terminationStatus
    return Finished(
      status: process.terminationReason == .uncaughtSignal ? 128 + code : code,
      output: try Data(contentsOf: logs.appending(path: "output")),
      errors: String(decoding: try Data(contentsOf: logs.appending(path: "errors")), as: UTF8.self))
  }
}
