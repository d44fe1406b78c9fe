import Texts

extension Manifest {
  /// A taxonomy that names the tree's groups, kept as it was written.
  package struct Taxonomy: Sendable, Equatable, Codable {
    package var file: File
    /// What the file was called that it is from.
    package var name: String
  }

  /// Takes over the taxonomy that a state has, if it is of the same classes.
  ///
  /// - Returns: Whether there is nothing that is lost.
  mutating func takeTaxonomy(from other: Manifest?) -> Bool {
    guard let other else { return true }
    guard other.taxonomy == nil || names.hasSameBytes(as: other.names) else { return false }
    taxonomy = other.taxonomy
    return true
  }
}
