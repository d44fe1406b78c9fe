import CSpawn
import Foundation
import TestSupport

/// A command that was started in a directory, its output and errors going to files.
final class Command: Sendable {
  private let process: pid_t
  private let end: Task<End, Never>
  private let logs: Logs

  /// Starts a command. `environment` comes on top of the tests' own.
  static func start(
    _ executable: String, _ arguments: [String], in directory: URL, environment: [String: String] = [:]
  ) throws -> Command {
    let logs = try Logs()
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let process = try spawn(
      executable, arguments, in: directory, environment: all.map { "\($0)=\($1)" }, logs)
    let end = Task {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: Self.end(of: process)) }
      }
    }
    return Command(process: process, end: end, logs: logs)
  }

  /// Starts a process that reads nothing, has none of the files open here, and answers all signals as a new one does.
  private static func spawn(
    _ executable: String, _ arguments: [String], in directory: URL, environment: [String], _ logs: Logs
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, logs.output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, logs.errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
    posix_spawn_file_actions_addchdir_np(&actions, directory.path)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var texts = ([executable] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in texts + variables { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, executable, &actions, &attributes, &texts, &variables)
    guard code == 0 else {
      throw Workspace.Failure(description: "can't start \(executable): \(String(cString: strerror(code)))")
    }
    return process
  }

  private struct End {
    /// The exit code, or 128 + the number of the signal.
    let status: Int32
    /// Of the processors, and with those of the processes it has waited for.
    let seconds: Double
  }

  /// Waits for the end of a process.
  private static func end(of process: pid_t) -> End {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) == -1 && errno == EINTR {}
    let signal = status & 0x7f
    let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    let microseconds = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    return End(status: signal == 0 ? status >> 8 & 0xff : 128 + signal, seconds: seconds + microseconds / 1e6)
  }

  private init(process: pid_t, end: Task<End, Never>, logs: Logs) {
    self.process = process
    self.end = end
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
  func finish() async throws -> Finished {
    let end = await end.value
    ProcessorTime.current?.add(end.seconds)
    return try logs.finished(status: end.status)
  }
}
