import Files
import FoundationEssentials
import Glibc
import Texts

extension StoreDirectory {
  /// Makes sure that there is a directory, with nothing in it that would be lost, and that no other process writes to it
  /// as long as the lock lives.
  ///
  /// - Parameter path: The directory's name, for messages.
  /// - Throws: ``StoreError``, among others ``StoreError/locked(_:)`` if another process is at it, or gives it up.
  func claim(named path: String) throws(StoreError) -> StoreLock {
    guard !path.isEmpty else { throw .file(FileError(.create, "\"\"", .hasNoName)) }
    if let lock = try settle(named: path) { return lock }
    // Before anything is written: the files may be another program's that has the same names for them.
    for file in [manifestPath, buildingPath] { try checkFormat(file) }
    guard self.path.withSystemCharacters({ access($0, W_OK) }) == 0 else {
      throw errno == ENOENT ? .locked(self.path) : .file(FileError(.create, path, .system(.last)))
    }
    let lock = try StoreLock(self)
    removeTemporaryFiles()
    return lock
  }

  /// Makes the directory if it is not there, and returns its lock. Returns nil when it is one that may be written to.
  private func settle(named path: String) throws(StoreError) -> StoreLock? {
    var attempts = 0
    while true {
      if FileSystem.exists(self.path) {
        guard !isStore, !isUnused else { return nil }
        try waitForChange(&attempts)
      } else {
        if let lock = try create() { return lock }
        attempts += 1
        guard attempts < Self.mostAttempts else { throw .locked(self.path) }
        continue
      }
      guard attempts < Self.mostAttempts else { throw kind == .store ? .outputIsNoStore(path) : .outputIsNoShard(path) }
    }
  }

  /// How often to look at a directory that may be changing.
  static var mostAttempts: Int { 10 }

  /// Waits a moment for a directory that is no store, but may be about to become one or cease to be one, file by file.
  ///
  /// - Parameter attempts: How often that was done. It is set to the most there may be if waiting is of no use.
  /// - Throws: ``StoreError/locked(_:)`` if another process is at it.
  func waitForChange(_ attempts: inout Int) throws(StoreError) {
    if StoreLock.isHeld(in: self) { throw .locked(path) }
    guard hasOnlyOwnFiles ?? !FileSystem.exists(path) else {
      attempts = Self.mostAttempts
      return
    }
    attempts += 1
    usleep(10_000)
  }

  /// Makes the directory, with the lock's file in it and locked from the first moment: an empty directory is somebody
  /// else's. Returns nil if another process was quicker.
  private func create() throws(StoreError) -> StoreLock? {
    try Self.checkIsOutside(path)
    let parent = path.deletingLastPathComponent
    let name = TemporaryName(for: path, suffix: ".new")
    // What killed runs have left that were about to make this directory.
    for unfinished in name.found(in: parent) {
      FileLock.removeUnlessHeld(StoreDirectory(unfinished).lockPath)
      FileSystem.removeEmptyDirectory(unfinished)
    }
    let temporary = parent.appendingPathComponent(name.new())
    try StoreError.files(FileSystem.makeDirectory(temporary, named: path))
    do throws(FileError) {
      // Another process may take it for what a killed one has left as long as it is not locked.
      guard let lock = try FileLock.acquired(StoreDirectory(temporary).lockPath, for: path) else { return nil }
      try FileSystem.rename(temporary, to: path)
      return StoreLock(lock)
    } catch {
      FileSystem.removeDirectory(temporary)
      switch error.code {
      case .directoryNotEmpty, .fileExists: return nil
      default: throw .file(error)
      }
    }
  }

  /// Whether the directory is as a run leaves it that was killed before it did anything. A shard's may also be as a run
  /// leaves it that was killed while it gave up. It may even be empty, since its name says whose it is.
  var isUnused: Bool {
    if kind == .shard { return hasOnlyOwnFiles == true }
    // One that can't be listed is somebody else's.
    guard let found = try? FileSystem.names(in: path) else { return false }
    return found.contains("lock") && found.allSatisfy { $0 == "lock" || Self.isTemporaryName($0) }
  }

  /// Whether nothing is in the directory but files with names that runs give them; nil if it can't be read.
  private var hasOnlyOwnFiles: Bool? {
    guard let found = try? FileSystem.names(in: path) else { return nil }
    return found.allSatisfy { $0 == "lock" || Self.isOwnName($0) }
  }
}
