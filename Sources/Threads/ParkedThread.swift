import Dispatch
import Glibc
import Synchronization

/// Runs `body` on so many threads at once, this one among them, and waits for all.
func onThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
  let group = DispatchGroup()
  for _ in 1..<count {
    group.enter()
    ParkedThread.take().run {
      body()
      group.leave()
    }
  }
  body()
  group.wait()
}

/// A thread that waits for work when it has none: the merge loop has some for its threads a thousand times a second, and
/// starting new ones each time would cost time, and memory for the stacks of those that are not quite gone.
final class ParkedThread: Sendable {
  private static let idle = Mutex<[ParkedThread]>([])

  private let work = Mutex<(@Sendable () -> Void)?>(nil)
  private let wake = DispatchSemaphore(value: 0)

  /// A thread without work: a parked one if there is one.
  static func take() -> ParkedThread { idle.withLock { $0.popLast() } ?? ParkedThread() }

  private init() {
    startThread { [self] in
      while true {
        wake.wait()
        let next = work.withLock { work in
          defer { work = nil }
          return work
        }
        next?()
        Self.idle.withLock { $0.append(self) }
      }
    }
  }

  func run(_ body: @escaping @Sendable () -> Void) {
    work.withLock { $0 = body }
    wake.signal()
  }
}

/// Starts a thread that nobody waits for.
private func startThread(_ body: @escaping @Sendable () -> Void) {
  let start = Unmanaged.passRetained(ThreadStart(body))
  var thread = pthread_t()
  let status = pthread_create(&thread, nil, runThread, start.toOpaque())
  precondition(status == 0, "the system starts no more threads: \(String(cString: strerror(status)))")
  pthread_detach(thread)
}

private func runThread(_ start: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let start else { return nil }
  Unmanaged<ThreadStart>.fromOpaque(start).takeRetainedValue().body()
  return nil
}

/// What a new thread is to do, where C can carry it.
private final class ThreadStart: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
