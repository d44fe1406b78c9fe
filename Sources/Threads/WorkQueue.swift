import Errors
import Synchronization

/// Says that work was stopped before it was done, because whoever started it asked for that.
package struct Interrupted: CategorizedError, Equatable {
  /// Whether something of it was finished and kept, so that the same work goes on from there.
  package var keepsWork: Bool

  package var category: ErrorCategory { .interrupted }

  package init(keepsWork: Bool = false) { self.keepsWork = keepsWork }

  package var description: String { "interrupted" }
}

/// Works on items 0..<`count` with several threads, each taking the next item when it is done with one.
///
/// `work` is called once on each thread and asks `next` for items until it gets nil. When one throws, items taken
/// before are still finished, and the error of the first item that failed is thrown: which one does not depend on the
/// threads. Threads, and not tasks, since workers block on files and compute for long.
///
/// - Throws: What `work` throws; ``Interrupted`` if `shouldStop` said to end before all items were taken.
package func forEachItem(
  _ count: Int, workers: Int, shouldStop: @escaping @Sendable () -> Bool,
  work: @escaping @Sendable (_ next: () -> Int?) throws -> Void
) throws {
  let queue = WorkQueue(count: count)
  onThreads(max(1, min(workers, count))) {
    var current: Int?
    do {
      try work {
        current = queue.take(unless: shouldStop())
        return current
      }
    } catch {
      queue.fail(error, at: current ?? count)
    }
  }
  try queue.finish()
}

/// The items that are still to be taken, and the first failure.
private final class WorkQueue: Sendable {
  private struct State {
    var taken = 0
    var stopped = false
    var failure: (item: Int, error: any Error)?
  }

  private let count: Int
  private let state = Mutex(State())

  init(count: Int) { self.count = count }

  func take(unless stop: Bool) -> Int? {
    state.withLock { state in
      guard state.taken < count, state.failure == nil else { return nil }
      guard !stop else {
        state.stopped = true
        return nil
      }
      defer { state.taken += 1 }
      return state.taken
    }
  }

  func fail(_ error: any Error, at item: Int) {
    state.withLock { state in
      if let failure = state.failure, failure.item <= item { return }
      state.failure = (item, error)
    }
  }

  func finish() throws {
    try state.withLock { state in
      if let failure = state.failure { throw failure.error }
      if state.stopped { throw Interrupted() }
    }
  }
}
