/// What the heights of nodes stand for, in formats that have heights. A leaf's is always 0.
public enum HeightScale: String, Sendable, CaseIterable {
  /// The step that made the node: heights increase strictly.
  case step
  /// 1 less the share of the merge: how much of what the lowest group reassigned did not go to its partner. Strong branches
  /// are low.
  case share
  /// 1 less the margin of the merge: how near the second best partner came.
  case margin
}

extension ClusterHierarchy {
  /// The height of each node, by its id.
  ///
  /// On scales other than that of steps a node is never lower than those below it: where its own figure says so, it has the
  /// height of the higher of the two.
  public func heights(_ scale: HeightScale) -> [Double] {
    var heights = [Double](repeating: 0, count: clusters.count)
    heights.reserveCapacity(clusters.count + merges.count)
    for merge in merges {
      switch scale {
      case .step: heights.append(Double(merge.step))
      case .share: heights.append(max(1 - merge.share, heights[merge.lowest], heights[merge.partner]))
      case .margin: heights.append(max(1 - merge.margin, heights[merge.lowest], heights[merge.partner]))
      }
    }
    return heights
  }

  /// A height as text: whole numbers without decimals, others with as many digits as it takes to read them back.
  static func heightText(_ height: Double) -> String {
    Int(exactly: height).map { "\($0)" } ?? "\(height)"
  }
}
