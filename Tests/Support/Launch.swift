import Foundation
import Synchronization

/// Runs `body` while other threads start processes without a pause.
///
/// Each has for a moment all files open that this process has: what must not last longer than a file is open shows here.
package func whileProcessesStart<Result>(_ body: () throws -> Result) throws -> Result {
  let starter = Starter()
  for _ in 0..<2 { starter.begin() }
  defer { starter.finish() }
  return try body()
}

private final class Starter: Sendable {
  private let isDone = Atomic(false)
  private let running = DispatchGroup()

  func begin() {
    running.enter()
    Thread.detachNewThread { [self] in
      while !isDone.load(ordering: .relaxed) { start() }
      running.leave()
    }
  }

  /// Not by Foundation's `Process`, whose bookkeeping would leave little time for the start itself.
  private func start() {
    var arguments = [strdup("true"), nil]
    defer { free(arguments[0]) }
    var process: pid_t = 0
    if posix_spawnp(&process, "true", nil, nil, &arguments, nil) == 0 { waitpid(process, nil, 0) }
  }

  func finish() {
    isDone.store(true, ordering: .relaxed)
    running.wait()
  }
}
