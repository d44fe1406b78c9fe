/// A set of clusters, whatever the merges that made it.
package struct Group: Hashable, Sendable {
  /// In ascending order.
  package let clusters: [Int]

  package init(_ clusters: [Int]) { self.clusters = clusters.sorted() }

  /// What it takes in memory, about.
  var byteCount: Int { 64 + MemoryLayout<Int>.stride * clusters.count }
}
