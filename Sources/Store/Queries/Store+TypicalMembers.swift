import Hierarchy
import LogitsToHierarchy

extension StoreDirectory {
  /// Finds the most typical members of a state's groups if they are not known. The files of its segments must have been checked.
  func findTypicalMembers(of manifest: inout Manifest) throws(StoreError) {
    guard var hierarchy = manifest.hierarchy, hierarchy.typical.isEmpty else { return }
    hierarchy.findTypicalMembers(by: try singleEvidence(of: manifest))
    manifest.hierarchy = hierarchy
  }
}
