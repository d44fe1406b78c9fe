import Dispatch
import Synchronization

/// Work that goes on in a thread of its own until its result is asked for.
package final class BackgroundTask<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let group = DispatchGroup()

  package init(_ work: @escaping @Sendable () throws -> Value) {
    group.enter()
    ParkedThread.take().run { [self] in
      let outcome = Result(catching: work)
      result.withLock { $0 = outcome }
      group.leave()
    }
  }

  /// Waits for the work to end.
  ///
  /// - Throws: What the work throws.
  package func value() throws -> Value {
    group.wait()
    guard let outcome = result.withLock({ $0 }) else { preconditionFailure("the work has ended") }
    return try outcome.get()
  }
}
