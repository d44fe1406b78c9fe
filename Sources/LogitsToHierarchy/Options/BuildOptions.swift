/// What the numbers in a source stand for.
package enum LogitKind: String, Sendable, CaseIterable, Codable {
  case logits
  /// A logarithm of a probability is a logit: the softmax does not change when a row is shifted.
  case logProbabilities = "log-probabilities"
  /// Their logarithms are logits; 0 becomes −∞.
  case probabilities
}

/// What to do about a row that is no row of logits: with NaN or +∞, or without any finite logit.
package enum InvalidRowPolicy: String, Sendable, CaseIterable, Codable {
  case fail
  /// Leave the row out, and count it.
  case skip
}

/// How a hierarchy is built. `memory`, `threads` and the byte counts don't change the result.
package struct BuildOptions: Sendable {
  package var kind = LogitKind.logits
  /// Differences of logits are divided by it; positive.
  package var temperature = 1.0
  package var aggregation = Aggregation.sumOfMeans
  package var invalidRows = InvalidRowPolicy.fail
  /// The logits kept of each row, so that most merges need no second look at the source; 0 for none.
  package var sketchWidth = 32
  /// The peak of memory, in bytes.
  package var memory = 1 << 30
  /// Workers at a time.
  package var threads = 1
  /// The bytes of rows that a worker takes at a time, about.
  package var blockByteCount = 1 << 20
  /// The bytes of sketches that a segment holds, about, if there are few clusters and few rows; five times as many if there
  /// are many clusters, and so many that there are some hundred segments at most, as far as memory allows.
  package var sketchByteCount = 4 << 20

  package init() {}
}

/// Whoever wants to know how far a pass has come, or to stop it. Called from several threads.
package protocol BuildObserver: Sendable {
  /// Rows were read and worked on; `bytes` is what they take uncompressed.
  func didRead(rows: Int, bytes: Int)
  var shouldStop: Bool { get }
}
