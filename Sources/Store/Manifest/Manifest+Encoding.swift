import FoundationEssentials

extension Manifest {
  private static let format = "logitree"
  /// Raised when an older program could not make sense of a store, would take it for something else, or would add other numbers
  /// to its sums than this one: softmax terms are rounded as 5 says.
  package static let version = 5

  package func encoded() throws -> Data { try SealedRecord(self, format: Self.format, version: Self.version).encoded() }

  /// Reads a manifest back.
  ///
  /// - Parameter store: The store's path, and `file` the manifest's, for messages.
  package init(decoding data: Data, store: String, file: String) throws(StoreError) {
    self = try SealedRecord<Manifest>.content(
      of: data, format: Self.format, versions: Self.version...Self.version, owner: store, file: file)
    if let inconsistency { throw .damaged(file, reason: inconsistency) }
  }
}
