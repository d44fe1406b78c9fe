/// What a run may take of the machine. The result does not depend on it.
public struct RunResources: Sendable, Hashable {
  /// The peak of memory, in bytes.
  public var memory = 1 << 30
  /// Workers at a time.
  public var threads = 1
  /// The bytes of rows that a worker takes at a time, about.
  package var blockByteCount = 1 << 20
  /// The bytes of sketches that a segment holds, about, if there are few clusters and few rows. It holds five times as
  /// many if there are many clusters, and so many that there are some hundred segments at most, as memory allows.
  package var sketchByteCount = 4 << 20
  /// The most bytes of rows that are kept in memory, so that they need not be read again: all rows of a source that has no
  /// more of them.
  package var keptByteCount = 64 << 20

  public init() {}

  public init(memory: Int, threads: Int) {
    self.memory = memory
    self.threads = threads
  }
}
