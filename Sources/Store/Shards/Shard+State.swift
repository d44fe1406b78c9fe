import Files

/// The states in a shard's directory. A damaged one is as good as none, since running the step again mends it.
extension Shard {
  /// The state that a shard was completed in; nil if it was not.
  ///
  /// - Throws: ``StoreError`` for what running the step again does not mend: a newer format, or another program's file.
  func complete() throws(StoreError) -> Manifest? {
    try Self.readable { () throws(StoreError) in try directory.manifest() }
  }

  /// The states that runs have left. That of an interrupted run comes first.
  func knownStates() throws(StoreError) -> [Manifest] {
    let building = try Self.readable { () throws(StoreError) in try directory.resumable() }
    return [building, try complete()].compactMap { $0 }
  }

  private static func readable(_ read: () throws(StoreError) -> Manifest?) throws(StoreError) -> Manifest? {
    do throws(StoreError) {
      return try read()
    } catch {
      guard error.isMendedByRepeating else { throw error }
      return nil
    }
  }

  /// Makes sure that there is a directory for the shard, and that no other process works in it as long as the lock
  /// lives.
  func claim() throws(StoreError) -> StoreLock {
    try StoreDirectory.checkIsOutside(directory.path)
    try StoreError.files(FileSystem.createDirectory(parent))
    return try directory.claim(named: directory.path)
  }
}
