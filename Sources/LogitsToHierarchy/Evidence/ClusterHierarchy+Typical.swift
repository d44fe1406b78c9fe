import Hierarchy

extension ClusterHierarchy {
  /// Finds the most typical members of all groups.
  ///
  /// - Parameter evidence: R of each single cluster that reassigns anything.
  package mutating func findTypicalMembers(by evidence: ExactEvidence) {
    typical =
      TypicalMembers(of: self) { cluster in
        let reassigned = evidence[Group([cluster])] ?? .nothing
        return (reassigned.clusters, reassigned.sums)
      }.lists
  }
}
