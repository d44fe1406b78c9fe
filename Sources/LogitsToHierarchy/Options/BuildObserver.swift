/// Whoever wants to know how far a pass has come, or to stop it. Called from several threads.
public protocol BuildObserver: Sendable {
  /// Rows were read and worked on; `bytes` is what they take uncompressed.
  func didRead(rows: Int, bytes: Int)
  var shouldStop: Bool { get }
}

/// Stops nothing and says nothing.
public struct SilentObserver: BuildObserver {
  public init() {}
  public func didRead(rows: Int, bytes: Int) {}
  public var shouldStop: Bool { false }
}
