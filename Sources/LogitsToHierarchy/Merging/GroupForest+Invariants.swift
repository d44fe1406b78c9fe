extension GroupForest {
  /// What is wrong with the lists and links; nil if they agree. For tests, since it goes through all of them: O(K) and more.
  ///
  /// - The list of groups alive is in ascending order, the same in both directions, and has those with a flag, ``count``.
  /// - Each group alive is at the top, its list has as many clusters as its size, and each of these leads up to it.
  /// - A cluster is in one group alive, or was never alive and is by itself.
  package var inconsistency: String? {
    let forwards = Array(aliveAscending)
    guard forwards == forwards.sorted(), forwards == Array(aliveDescending.reversed()) else {
      return "the groups alive are \(forwards), backwards \(Array(aliveDescending))"
    }
    guard forwards.count == count, forwards == parents.indices.filter(isAlive) else {
      return "\(count) groups are alive, listed are \(forwards)"
    }
    var owners: [Int: Int] = [:]
    for node in forwards {
      guard parents[node] == node else { return "\(node) is alive and below \(parents[node])" }
      let clusters = clusters(of: node)
      guard clusters.count == size(of: node) else { return "\(node) lists \(clusters), but has \(size(of: node))" }
      guard clusters.last == lastCluster[node] else {
        return "\(node) lists \(clusters), the last is \(lastCluster[node])"
      }
      for cluster in clusters {
        guard owners.updateValue(node, forKey: cluster) == nil else { return "\(cluster) is in two groups" }
        guard top(of: cluster) == node else {
          return "\(cluster) is listed in \(node), but leads to \(top(of: cluster))"
        }
      }
    }
    return nil
  }

  private var aliveDescending: some Sequence<Int> { Self.chain(from: lastAlive, previousAlive) }

  /// The way up, without shortening it.
  private func top(of cluster: Int) -> Int {
    var node = cluster
    while parents[node] != node { node = parents[node] }
    return node
  }
}
