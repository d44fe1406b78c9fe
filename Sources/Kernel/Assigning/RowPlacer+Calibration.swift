import KernelInterface

/// What a row's label stands for: positions of leaves in the order of a tree.
struct LabelPositions {
  let start: UnsafePointer<Int32>
  let count: Int

  /// Whether any of them is in a range.
  @inline(__always)
  func intersect(_ first: Int, _ end: Int) -> Bool {
    var index = 0
    while index < count {
      let position = Int(start[index])
      if position >= first, position < end { return true }
      index &+= 1
    }
    return false
  }
}

extension RowPlacer {
  /// At how many of ascending thresholds the row at `pointer` is placed at a node that its label is not below. It is one more
  /// than all if the label is not in the tree, and so not even below the root. The result is nil if the row is invalid.
  ///
  /// The way from the root does not depend on the threshold, only how far it is gone. So a row that is wrong at one threshold
  /// is wrong at all smaller ones. Comparisons are those of ``node(_:_:_:reaching:)``, to the bit.
  @inline(__always)
  func wrongThresholds(
    _ pointer: UnsafeRawPointer, _ table: NodeTable, _ label: LabelPositions,
    _ thresholds: UnsafePointer<Double>, _ count: Int
  ) -> Int? {
    guard let top = kernel.load(pointer), top > Scale.excluded else { return nil }
    let all = kernel.unit.value(kernel.keepTerms(relativeTo: top))
    let cluster = kernel.firstIndex(ofLaneMaximum: top)
    guard label.intersect(0, table.leafCount) else { return count &+ 1 }
    addUp(table)
    guard let wrong = firstWrongNode(table, label) else { return 0 }
    let hasMajority = all < 2 && table.isLeaf[cluster] != 0
    var (low, high) = (0, count)
    while low < high {
      let middle = (low &+ high) / 2
      let threshold = thresholds[middle]
      if hasMajority && threshold * all <= 1 || wrong.mass >= threshold * wrong.all {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// The first node on the way from the root that the label is not below: the least mass of a node so far, and that of all
  /// clusters. It is nil if the way ends at the label, which must be in the tree.
  private func firstWrongNode(_ table: NodeTable, _ label: LabelPositions) -> (mass: Double, all: Double)? {
    var place = root(of: table)
    var mass = place.mass
    let all = mass + sum(table.outside, table.outsideCount)
    while place.node >= kernel.clusters {
      place = likelierChild(of: place, table)
      if place.mass < mass { mass = place.mass }
      guard label.intersect(place.start, place.end) else { return (mass, all) }
    }
    return nil
  }
}
