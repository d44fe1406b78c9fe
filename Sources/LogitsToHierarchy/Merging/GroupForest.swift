/// The groups of a run of the merge loop: which are alive, which clusters each has, which group a cluster is in.
///
/// Merging is O(1), the way from a cluster to its group O(log K) amortized (paths are halved); listing the clusters of a
/// group is O(its clusters), listing the groups alive O(their number).
package struct GroupForest {
  /// The node above each node, itself at the top.
  private(set) var parents: [Int]
  /// The clusters of each group as a linked list: its first and last, and each cluster's next.
  private var firstCluster: [Int]
  private(set) var lastCluster: [Int]
  private var nextCluster: [Int]
  /// The nodes alive as a doubly linked list in ascending order, from and to a sentinel: `none`.
  private var nextAlive: [Int]
  private(set) var previousAlive: [Int]
  private var firstAlive = Self.none
  private(set) var lastAlive = Self.none
  private var aliveFlags: [Bool]
  /// The number of clusters of each node.
  private var sizes: [Int]
  package private(set) var count = 0

  private static let none = -1

  /// Each cluster of `alive`, in ascending order, is a group by itself.
  package init(clusters: Int, alive: [Int]) {
    parents = Array(0..<clusters)
    firstCluster = parents
    lastCluster = parents
    nextCluster = Array(repeating: Self.none, count: clusters)
    nextAlive = nextCluster
    previousAlive = nextCluster
    aliveFlags = Array(repeating: false, count: clusters)
    sizes = Array(repeating: 1, count: clusters)
    for cluster in alive { append(cluster) }
  }

  package func isAlive(_ node: Int) -> Bool { aliveFlags[node] }

  /// The number of clusters of a group.
  package func size(of node: Int) -> Int { sizes[node] }

  /// The nodes alive, in ascending order, one by one as they are asked for.
  package var aliveAscending: some Sequence<Int> { Self.chain(from: firstAlive, nextAlive) }

  /// The smallest node alive but for one; nil if there is no other.
  package func smallestAlive(except node: Int) -> Int? {
    let smallest = firstAlive == node ? nextAlive[node] : firstAlive
    return smallest == Self.none ? nil : smallest
  }

  /// The clusters of a group alive, in no particular order.
  package func clusters(of node: Int) -> [Int] { Array(Self.chain(from: firstCluster[node], nextCluster)) }

  /// What a linked list holds from `first` on.
  static func chain(from first: Int, _ next: [Int]) -> some Sequence<Int> {
    sequence(state: first) { position in
      guard position != none else { return nil }
      defer { position = next[position] }
      return position
    }
  }

  /// The node of the group a cluster is in.
  package mutating func group(of cluster: Int) -> Int {
    var node = cluster
    while parents[node] != node {
      parents[node] = parents[parents[node]]
      node = parents[node]
    }
    return node
  }

  /// Merges two groups alive and returns the new node.
  package mutating func merge(_ a: Int, _ b: Int) -> Int {
    remove(a)
    remove(b)
    let node = parents.count
    parents.append(node)
    parents[a] = node
    parents[b] = node
    firstCluster.append(firstCluster[a])
    nextCluster[lastCluster[a]] = firstCluster[b]
    lastCluster.append(lastCluster[b])
    nextAlive.append(Self.none)
    previousAlive.append(Self.none)
    aliveFlags.append(false)
    sizes.append(sizes[a] + sizes[b])
    append(node)
    return node
  }

  private mutating func append(_ node: Int) {
    aliveFlags[node] = true
    previousAlive[node] = lastAlive
    nextAlive[node] = Self.none
    if lastAlive == Self.none { firstAlive = node } else { nextAlive[lastAlive] = node }
    lastAlive = node
    count += 1
  }

  private mutating func remove(_ node: Int) {
    precondition(aliveFlags[node], "only groups alive are merged")
    aliveFlags[node] = false
    let (previous, next) = (previousAlive[node], nextAlive[node])
    if previous == Self.none { firstAlive = next } else { nextAlive[previous] = next }
    if next == Self.none { lastAlive = previous } else { previousAlive[next] = previous }
    count -= 1
  }
}
