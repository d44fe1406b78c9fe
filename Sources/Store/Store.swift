import Files

/// A directory with a hierarchy in it and what it was made from, `NAME.logitree` by custom.
public struct Store: Sendable {
  let directory: StoreDirectory

  /// The store at `path`.
  ///
  /// - Throws: ``StoreError`` if there is none.
  public init(_ path: String) throws(StoreError) {
    directory = StoreDirectory(path)
    var attempts = 0
    while !directory.isStore {
      guard FileSystem.exists(directory.path) else { throw .noSuchStore(path) }
      guard !FileSystem.exists(StoreDirectory(path, .shard).manifestPath) else { throw .isShard(path) }
      guard !directory.isUnused else { throw .unfinished(path) }
      guard attempts < StoreDirectory.mostAttempts else { throw .notAStore(path) }
      try directory.waitForChange(&attempts)
    }
  }

  /// The state that was completed last. Does not wait for a run that makes a new one.
  ///
  /// - Throws: ``StoreError`` if none was, or it is damaged.
  public func read() throws(StoreError) -> StoredHierarchy {
    guard let manifest = try directory.manifest() else {
      throw try directory.building()?.pending == nil ? .unfinished(directory.path) : .pending(directory.path)
    }
    return try StoredHierarchy(manifest, path: directory.path)
  }

  /// Makes sure that a file of results is not to take the place of logits that the store was built from, of other files
  /// that the results are of, or of a file of a store.
  ///
  /// - Parameter inputs: The other files.
  /// - Throws: ``StoreError/outputIsInput(_:)``, ``StoreError/outputIsInStore(_:store:)``
  package func checkOutput(_ output: String?, inputs: [String] = []) throws(StoreError) {
    try Self.checkOutput(output, inputs: inputs)
    guard let output, try Self.isReplaced(output), let manifest = try directory.manifest() else { return }
    try StoreDirectory.checkIsNone(of: manifest.sources.map(\.input.file), output)
  }

  /// Makes sure that a file of results is not to take the place of a file that they are of, or of a file of a store.
  ///
  /// - Throws: ``StoreError/outputIsInput(_:)``, ``StoreError/outputIsInStore(_:store:)``
  package static func checkOutput(_ output: String?, inputs: [String]) throws(StoreError) {
    guard let output else { return }
    if !output.isEmpty { try StoreDirectory.checkHasPlace(output) }
    // A device or pipe, which may be read from too, is not replaced.
    guard try !StoreError.files(FileSystem.isSpecial(output)) else { return }
    try StoreDirectory.checkIsOutside(output)
    if FileSystem.exists(output) { try StoreDirectory.checkIsNone(of: inputs, output) }
  }

  /// Whether there is a file that writing takes the place of.
  private static func isReplaced(_ output: String) throws(StoreError) -> Bool {
    try !StoreError.files(FileSystem.isSpecial(output)) && FileSystem.exists(output)
  }
}
