import Foundation

extension Process {
  private static let launching = NSLock()

  /// Runs the process, one at a time being started: Foundation's own bookkeeping is not up to several at once.
  public func launchAlone() throws {
    Self.launching.lock()
    defer { Self.launching.unlock() }
    try run()
  }
}
