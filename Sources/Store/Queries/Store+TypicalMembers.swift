import Hierarchy
import LogitsToHierarchy

extension Store {
  /// The hierarchy of a state of this store, with the most typical members of its groups: those that are kept, or in a store of an
  /// earlier version what its segments tell.
  ///
  /// - Throws: ``StoreError``
  package func hierarchyWithTypicalMembers(of stored: StoredHierarchy) throws(StoreError) -> ClusterHierarchy {
    var hierarchy = stored.hierarchy
    if hierarchy.typical.isEmpty, !hierarchy.merges.isEmpty {
      hierarchy.findTypicalMembers(by: try singleEvidence(of: stored.manifest))
    }
    return hierarchy
  }
}

extension StoreDirectory {
  /// Finds the most typical members of a state's groups if they are not known. The files of its segments must have been checked.
  func findTypicalMembers(of manifest: inout Manifest) throws(StoreError) {
    guard var hierarchy = manifest.hierarchy, hierarchy.typical.isEmpty else { return }
    hierarchy.findTypicalMembers(by: try singleEvidence(of: manifest))
    manifest.hierarchy = hierarchy
  }
}
