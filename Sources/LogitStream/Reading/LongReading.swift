import Synchronization

/// Whole files that are read before any row is handed on: whoever waits for that may want it to end.
package enum LongReading {
  /// A function by itself would be wrapped anew each time that it is taken out of the lock, and put back with all its wrappings.
  private struct Question: Sendable {
    var shouldStop: @Sendable () -> Bool
  }

  private static let question = Mutex(Question { false })

  /// Has all such readings end with ``LogitStreamError/interrupted`` as soon as `shouldStop` says so.
  package static func end(when shouldStop: @escaping @Sendable () -> Bool) {
    question.withLock { $0.shouldStop = shouldStop }
  }

  /// To be asked every megabyte or so.
  static func goOn() throws(LogitStreamError) {
    guard !question.withLock({ $0.shouldStop })() else { throw .interrupted }
  }
}
