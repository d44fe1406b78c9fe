import Hierarchy

/// A complete state of a store: a hierarchy, and what it was made from.
public struct StoredHierarchy: Sendable, Equatable {
  public let hierarchy: ClusterHierarchy
  public let manifest: Manifest

  /// - Throws: ``StoreError/unfinished(_:)`` if the manifest, of the store at `path`, has no hierarchy.
  init(_ manifest: Manifest, path: String) throws(StoreError) {
    guard let hierarchy = manifest.hierarchy else { throw .unfinished(path) }
    self.hierarchy = hierarchy
    self.manifest = manifest
  }
}
