import FoundationEssentials

extension Manifest {
  private static let format = "logitree"
  /// Raised when an older program could not make sense of a store, or would take it for something else. A store has the least
  /// that says so: 4 is for top-k dumps, and 3 for all others, which programs of before can still read.
  package static let versions = 3...4

  package var version: Int { sources.contains { $0.input.topK != nil } ? 4 : 3 }

  package func encoded() throws -> Data { try SealedRecord(self, format: Self.format, version: version).encoded() }

  /// Reads a manifest back.
  ///
  /// - Parameter store: The store's path, and `file` the manifest's, for messages.
  package init(decoding data: Data, store: String, file: String) throws(StoreError) {
    self = try SealedRecord<Manifest>.content(
      of: data, format: Self.format, versions: Self.versions, owner: store, file: file)
    if let inconsistency { throw .damaged(file, reason: inconsistency) }
  }
}
