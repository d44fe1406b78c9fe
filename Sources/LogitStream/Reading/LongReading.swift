import Synchronization

/// Whole files that are read before any row is handed on: whoever waits for that may want it to end.
package enum LongReading {
  private static let shouldStop = Mutex<@Sendable () -> Bool>({ false })

  /// Has all such readings end with ``LogitStreamError/interrupted`` as soon as `shouldStop` says so.
  package static func end(when shouldStop: @escaping @Sendable () -> Bool) {
    self.shouldStop.withLock { $0 = shouldStop }
  }

  /// To be asked every megabyte or so.
  static func goOn() throws(LogitStreamError) {
    guard !shouldStop.withLock({ $0 })() else { throw .interrupted }
  }
}
