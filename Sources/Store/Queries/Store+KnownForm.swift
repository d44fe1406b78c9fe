import LogitStream

extension Store {
  /// What a store tells of numbers without a header that are taken in, so that it need not be said again.
  public struct KnownForm: Sendable {
    /// K.
    public let clusters: Int
    /// How the last ones were read; nil if there were none.
    public let raw: RawFormat?

    package init(_ stored: StoredHierarchy) { self.init(stored.manifest) }

    init(_ manifest: Manifest) {
      clusters = manifest.clusters
      raw = manifest.sources.last { $0.input.raw != nil }?.input.raw
    }
  }

  /// What the store tells of them, complete or not; nil if there is no state of it.
  ///
  /// - Throws: ``StoreError`` if that can't be read.
  public func knownForm() throws(StoreError) -> KnownForm? {
    if let manifest = try directory.manifest() { return KnownForm(manifest) }
    return try directory.building().map(KnownForm.init)
  }
}

extension Manifest {
  /// Makes sure that numbers without a header are of a type that others of the store are of, if there are others and the type
  /// is not said to be right: taken for another type, numbers are other numbers.
  ///
  /// - Throws: ``StoreError/otherType(_:said:known:store:)``
  func checkType(of specification: InputSpecification, store: String) throws(StoreError) {
    guard let raw = specification.raw, !raw.isTrusted else { return }
    let known = sources.compactMap(\.input.raw?.format)
    guard let last = known.last, !known.contains(raw.format) else { return }
    throw .otherType(specification.name, said: raw.format, known: last, store: store)
  }
}
