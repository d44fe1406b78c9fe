extension CondensedDistances {
  /// The tree of average linkage (UPGMA; Sokal and Michener 1958): the two nearest groups are joined, again and again, where
  /// the distance of two groups is the mean over all pairs of a point of one and a point of the other.
  ///
  /// This is the nearest-neighbour chain of `scipy.cluster.hierarchy.linkage(method="average")`, step by step and with the
  /// same arithmetic, so that heights are SciPy's to the bit and ties are broken as there: a chain begins with the group of
  /// the smallest number, and goes on to the nearest group; of equally near ones to the one it came from, else to the one of
  /// the smallest number. A joined group has the larger number of the two. Two groups that are nearest to each other are
  /// joined (Murtagh 1983). In the end joins are sorted by height, and those of equal height stay in the order they were
  /// made in.
  ///
  /// - Parameters:
  ///   - names: Of the points.
  ///   - shouldStop: Is asked now and then.
  /// - Returns: nil if it was stopped.
  /// - Complexity: O(n²); memory for the distances, which are worked on in place.
  public consuming func averageLinkage(names: [String], shouldStop: () -> Bool = { false }) -> LinkageTree? {
    precondition(names.count == points && points > 0, "a name for each point")
    var chain = NeighbourChain(self)
    for step in 0..<names.count - 1 {
      if step & 63 == 0, shouldStop() { return nil }
      chain.join()
    }
    return LinkageTree(names: names, joins: chain.sortedJoins())
  }
}

/// Groups under way, each with the number of one of its points.
private struct NeighbourChain {
  private var distances: CondensedDistances
  /// The points of each group; 0 for what was joined with another.
  private var sizes: [Int]
  /// Groups, each the nearest to the one before.
  private var chain: [Int] = []
  private var pairs: [(first: Int, second: Int, height: Double)] = []

  init(_ distances: consuming CondensedDistances) {
    sizes = Array(repeating: 1, count: distances.points)
    self.distances = distances
  }

  /// Joins the next two groups that are nearest to each other.
  mutating func join() {
    if chain.isEmpty, let first = sizes.firstIndex(where: { $0 > 0 }) { chain.append(first) }
    while true {
      let last = chain[chain.count - 1]
      let previous = chain.count > 1 ? chain[chain.count - 2] : nil
      let (nearest, distance) = nearest(to: last, previous: previous)
      if nearest == previous {
        chain.removeLast(2)
        return join(min(last, nearest), max(last, nearest), distance)
      }
      chain.append(nearest)
    }
  }

  private func nearest(to group: Int, previous: Int?) -> (group: Int, distance: Double) {
    var nearest = previous ?? (group == 0 ? 1 : 0)
    var least = previous.map { distances[group, $0] } ?? .infinity
    for other in 0..<group where sizes[other] > 0 {
      let distance = distances.values[distances.start(other) + group]
      if distance < least { (nearest, least) = (other, distance) }
    }
    let start = distances.start(group)
    for other in group + 1..<max(group + 1, sizes.count) where sizes[other] > 0 {
      let distance = distances.values[start + other]
      if distance < least { (nearest, least) = (other, distance) }
    }
    return (nearest, least)
  }

  /// Joins two groups into the second.
  private mutating func join(_ first: Int, _ second: Int, _ height: Double) {
    pairs.append((first, second, height))
    let (firstSize, secondSize) = (Double(sizes[first]), Double(sizes[second]))
    sizes[second] += sizes[first]
    sizes[first] = 0
    for other in sizes.indices where sizes[other] > 0 && other != second {
      let place = distances.index(other, second)
      distances.values[place] =
        (firstSize * distances.values[distances.index(other, first)] + secondSize * distances.values[place])
        / (firstSize + secondSize)
    }
  }

  /// The joins in order of height, with the numbers that nodes have in that order.
  func sortedJoins() -> [LinkageTree.Join] {
    let points = sizes.count
    // The standard library's sort is stable, but does not promise it.
    let order = pairs.indices.sorted { (pairs[$0].height, $0) < (pairs[$1].height, $1) }
    var above = Array(0..<points)
    var nodes = above
    var counts = [Int](repeating: 1, count: points)
    func top(of point: Int) -> Int {
      var point = point
      while above[point] != point {
        above[point] = above[above[point]]
        point = above[point]
      }
      return point
    }
    return order.enumerated().map { step, index in
      let (first, second) = (top(of: pairs[index].first), top(of: pairs[index].second))
      let join = LinkageTree.Join(
        min(nodes[first], nodes[second]), max(nodes[first], nodes[second]), height: pairs[index].height,
        points: counts[first] + counts[second])
      above[first] = second
      nodes[second] = points + step
      counts[second] += counts[first]
      return join
    }
  }
}
