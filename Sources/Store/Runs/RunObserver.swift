import LogitsToHierarchy

/// What a run is doing.
public enum RunPhase: Sendable, Equatable {
  /// The first pass over rows.
  case scan(rows: Int)
  /// The first pass over rows that come once, nobody knows how many.
  case stream
  /// The merge loop, without the source.
  case merge
  /// Another pass over rows, for exact evidence of so many groups.
  case sweep(groups: Int, rows: Int)
  /// Rows are read for the correlation of mean logits.
  case correlate(rows: Int)
  /// Rows are assigned to groups or nodes.
  case assign(rows: Int)
  /// Trees are made of rows drawn anew, of so many merges together.
  case resample(replicates: Int, merges: Int)
  /// Labelled rows are looked at for a confidence.
  case calibrate(rows: Int)
  /// Labelled rows are looked at under a temperature.
  case weigh(rows: Int, temperature: Double)
}

/// Whoever wants to know what a run is doing, or to stop it. Called from several threads.
public protocol RunObserver: BuildObserver {
  func willStart(_ phase: RunPhase)
  /// Something was left out, or left as it is. The user may have meant otherwise.
  func didNotice(_ remark: String)
  /// The support that the store at `path` had is of other rows or of another tree, and is dropped.
  func didDropSupport(of path: String)
  /// The taxonomy that the store at `path` had is of other classes, and is dropped.
  func didDropTaxonomy(of path: String)
}

extension RunObserver {
  public func didNotice(_ remark: String) {}
  public func didDropSupport(of path: String) {}
  public func didDropTaxonomy(of path: String) {}
}

extension SilentObserver: RunObserver {
  public func willStart(_ phase: RunPhase) {}
}
