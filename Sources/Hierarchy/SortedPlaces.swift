extension Array where Element == Int32 {
  /// The elements of two arrays in ascending order, in one.
  static func merged(_ a: [Int32], _ b: [Int32]) -> [Int32] {
    var merged: [Int32] = []
    merged.reserveCapacity(a.count + b.count)
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      if a[i] < b[j] {
        merged.append(a[i])
        i += 1
      } else {
        merged.append(b[j])
        j += 1
      }
    }
    merged += a[i...]
    merged += b[j...]
    return merged
  }
}

extension ClusterHierarchy {
  /// Goes through the nodes from the leaves up, each with the places of the leaves below it in ascending order.
  ///
  /// - Parameter places: The place of each cluster in an order of another; nil for those to leave out.
  /// - Complexity: O(leaves below it) for each node.
  package func forEachNode(places: [Int32?], _ body: (_ node: Int, _ places: [Int32]) -> Void) {
    var found = places.map { place in place.map { [$0] } ?? [] }
    found.reserveCapacity(clusters.count + merges.count)
    for leaf in leaves { body(leaf, found[leaf]) }
    for merge in merges {
      let merged = [Int32].merged(found[merge.lowest], found[merge.partner])
      (found[merge.lowest], found[merge.partner]) = ([], [])
      body(merge.node, merged)
      found.append(merged)
    }
  }
}
