import KernelInterface

/// R of the targets of a pass while it is being added up: a sum for each target and cluster.
///
/// A table of targets × K sums is faster. Where there is no room for one, only sums that are not zero are kept. A row adds
/// to at most one of them for each of its targets.
package struct ReassignedSums: Sendable {
  private let clusters: Int
  private let isDense: Bool
  private var dense: WideSums
  private var sparse = SparseSums()

  package init(targets: Int, clusters: Int, isDense: Bool) {
    self.clusters = clusters
    self.isDense = isDense
    dense = WideSums(count: isDense ? targets * clusters : 0)
  }

  /// The bytes of a table.
  static func denseByteCount(targets: Int, clusters: Int) -> Int { 8 * targets * clusters }

  /// Adds what is reassigned to clusters when targets are masked.
  package mutating func add(_ reassigned: UnsafeBufferPointer<Reassignment>) {
    if isDense {
      dense.add(reassigned.count) { [clusters] number in
        let one = reassigned[number]
        return (FixedPoint.rounded(one.probability), one.slot * clusters + one.cluster)
      }
    } else {
      for one in reassigned {
        sparse.add(FixedPoint.rounded(one.probability), at: one.slot * clusters + one.cluster)
      }
    }
  }

  /// Sets all sums to zero.
  package mutating func reset() {
    dense.reset()
    sparse.reset()
  }

  /// What the sums tell of the targets, which are `groups`. Single clusters that nothing was reassigned from are left out.
  package func evidence(of groups: [Group]) -> ExactEvidence {
    var evidence: ExactEvidence = [:]
    for group in groups where group.clusters.count > 1 { evidence[group] = .nothing }
    if isDense {
      for (slot, group) in groups.enumerated() {
        let sums = dense[slot * clusters..<(slot + 1) * clusters]
        if !sums.isEmpty { evidence[group] = ReassignedProbability(clusters: sums.map(\.index), sums: sums.map(\.sum)) }
      }
      return evidence
    }
    var rest = sparse.sorted()[...]
    while let first = rest.first {
      let slot = first.key / clusters
      let sums = rest.prefix { $0.key / clusters == slot }
      rest = rest[sums.endIndex...]
      evidence[groups[slot]] = ReassignedProbability(
        clusters: sums.map { $0.key % clusters }, sums: sums.map(\.sum))
    }
    return evidence
  }
}

extension WideSums {
  /// Those of some sums that are not zero, with their positions in the range.
  fileprivate subscript(range: Range<Int>) -> [(index: Int, sum: UInt128)] {
    range.compactMap { position in
      let sum = self[position]
      return sum > 0 ? (position - range.lowerBound, sum) : nil
    }
  }
}
