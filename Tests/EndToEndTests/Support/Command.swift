import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// A command that was started in a directory, its output and errors going to files.
final class Command: Sendable {
  private let process: pid_t
  private let status: Task<Int32, any Error>
  private let logs: Logs

  /// Starts a command. `environment` comes on top of the tests' own.
  static func start(
    _ executable: String, _ arguments: [String], in directory: URL, environment: [String: String] = [:]
  ) async throws -> Command {
    let logs = try Logs()
    let (started, start) = AsyncThrowingStream<pid_t, any Error>.makeStream()
    var overrides: [Environment.Key: String?] = [:]
    for (name, value) in environment { overrides[Environment.Key(stringLiteral: name)] = value }
    let configuration = Configuration(
      executable: .path(FilePath(executable)), arguments: Arguments(arguments),
      environment: .inherit.updating(overrides), workingDirectory: FilePath(directory.path))
    let status = Task {
      do {
        let output = try open(logs.output)
        let errors = try open(logs.errors)
        let end = try await Subprocess.run(
          configuration, input: .none, output: .fileDescriptor(output, closeAfterSpawningProcess: true),
          error: .fileDescriptor(errors, closeAfterSpawningProcess: true)
        ) { start.yield($0.processIdentifier.value) }
        switch end.terminationStatus {
        case .exited(let code): return code
        case .signaled(let signal): return 128 + signal
        }
      } catch {
        start.finish(throwing: error)
        throw error
      }
    }
    for try await process in started { return Command(process: process, status: status, logs: logs) }
    throw CancellationError()
  }

  private static func open(_ path: String) throws -> FileDescriptor {
    try .open(path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
  }

  private init(process: pid_t, status: Task<Int32, any Error>, logs: Logs) {
    self.process = process
    self.status = status
    self.logs = logs
  }

  /// A test that fails leaves nothing running.
  deinit { if isRunning { kill(process, SIGKILL) } }

  /// Runs a command to its end, once there is a processor for it.
  static func run(
    _ executable: String, _ arguments: [String], in directory: URL, environment: [String: String] = [:]
  ) async throws -> Finished {
    try await Turns.processors.take {
      try await start(executable, arguments, in: directory, environment: environment).finish()
    }
  }

  func send(_ signal: Int32) { kill(process, signal) }

  var isRunning: Bool {
    var information = siginfo_t()
    // Who waits for the end still learns of it.
    return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information.si_signo == 0
  }

  /// Waits until something is so, or the command has ended.
  func wait(until isSo: () throws -> Bool) async throws {
    while isRunning, try !isSo() { try await Task.sleep(for: .microseconds(500)) }
  }

  /// Waits until the command has a handler for a signal, or has ended: however busy the machine is, sent after that the
  /// signal is the command's to answer.
  func waitUntilItCatches(_ signal: Int32) async throws { try await wait { catches(signal) } }

  private func catches(_ signal: Int32) -> Bool {
    // A process that has ended since has none.
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let mask = status?.firstMatch(of: /SigCgt:\s*([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) }
    return mask.map { $0 >> (signal - 1) & 1 == 1 } ?? false
  }

  /// Waits for the end.
  func finish() async throws -> Finished { try await logs.finished(status: status.value) }
}
