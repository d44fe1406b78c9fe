import Foundation
import Synchronization

/// The Python process that runs the tests' scripts, as long as the tests run: worker.py, which says how.
final class PythonWorker: Sendable {
  static let shared = Result { try PythonWorker() }

  /// How a script ended: its status, and its processor time in seconds.
  struct Ended: Sendable, Decodable {
    let id: Int
    let status: Int32
    let seconds: Double
  }

  typealias Completion = @Sendable (Result<Ended, any Error>) -> Void

  /// The scripts that run, by their numbers; nil once the process has ended.
  private let running = Mutex<[Int: Completion]?>([:])
  private let numbers = Atomic(0)
  /// Both ways. It is closed in every process that is started, so that the worker sees the end of this one.
  private let socket: Int32
  /// Keeps requests apart.
  private let sending = NSLock()

  private init() throws {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw Python.Failure(description: "no socket: \(String(cString: strerror(errno)))")
    }
    socket = ends[0]
    defer { close(ends[1]) }
    try Self.start(input: ends[1])
    Thread.detachNewThread { [self] in receive() }
  }

  private static func start(input: Int32) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    let python = try Python.interpreter()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "worker.py").path
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(python), strdup("-B"), strdup(script), nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, python, &actions, nil, &arguments, environ)
    guard code == 0 else { throw Python.Failure(description: "\(python): \(String(cString: strerror(code)))") }
  }

  /// Starts a script; `completion` gets how it ended. Its files are kept until then.
  func run(
    _ script: Python.Script, _ arguments: [String], in directory: URL, _ logs: Logs,
    completion: @escaping Completion
  ) {
    struct Request: Encodable {
      let id: Int
      var script, path: String?
      let arguments: [String]
      let directory, output, errors: String
    }
    let id = numbers.add(1, ordering: .relaxed).newValue
    var request = Request(
      id: id, arguments: arguments, directory: directory.path, output: logs.output, errors: logs.errors)
    switch script {
    case .text(let text): request.script = text
    case .file(let path): request.path = path
    }
    let isTaken = running.withLock { running in
      running?[id] = { [logs] result in withExtendedLifetime(logs) { completion(result) } }
      return running != nil
    }
    do {
      guard isTaken else { throw Self.gone }
      try send(try JSONEncoder().encode(request) + Data("\n".utf8))
    } catch {
      // Who takes it out of the table calls it.
      let mine = running.withLock { $0?.removeValue(forKey: id) }
      if let mine { mine(.failure(error)) } else if !isTaken { completion(.failure(error)) }
    }
  }

  private static let gone = Python.Failure(description: "the Python process has ended")

  private func send(_ data: Data) throws {
    sending.lock()
    defer { sending.unlock() }
    var rest = data[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Self.gone }
      rest = rest.dropFirst(count)
    }
  }

  /// Hands on what comes back, until the process ends.
  private func receive() {
    var received = Data()
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(socket, &part, part.count)
      guard count > 0 else { break }
      received += part.prefix(count)
      while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        let line = received[..<end]
        received = Data(received[(end + 1)...])
        guard let ended = try? JSONDecoder().decode(Ended.self, from: line) else { continue }
        running.withLock { $0?.removeValue(forKey: ended.id) }?(.success(ended))
      }
    }
    let left = running.withLock { running in
      defer { running = nil }
      return running ?? [:]
    }
    for completion in left.values { completion(.failure(Self.gone)) }
  }
}
