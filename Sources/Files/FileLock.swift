import Glibc
import SystemPackage
import Texts

/// The lock of a file, which one process has at a time. Ends with the process, however that ends.
package struct FileLock: ~Copyable {
  private let descriptor: FileDescriptor

  private init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  /// Locks a file, which is created if it is not there: nil if another process has it locked, or takes it away, or its
  /// directory, at this moment.
  ///
  /// - Parameter name: What errors are about.
  package static func acquired(_ path: String, for name: String) throws(FileError) -> FileLock? {
    let descriptor: FileDescriptor
    do throws(FileError) {
      descriptor = try FileError.attempt(
        .create, name,
        .open(
          FilePath(system: path), .readWrite, options: [.create, .closeOnExec],
          permissions: FilePermissions(rawValue: 0o666)))
    } catch {
      guard error.code == .noSuchFileOrDirectory else { throw error }
      return nil
    }
    guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
      let code = Errno.last
      // It is not written to: that it can't be closed makes no difference.
      try? descriptor.close()
      if code == .wouldBlock { return nil }
      throw FileError(.create, name, .locking(code))
    }
    // Whoever had it may have taken the file away between the two calls.
    guard isFile(descriptor, at: path) else {
      release(descriptor)
      return nil
    }
    return FileLock(descriptor)
  }

  /// Whether a process has a file locked. This one has, for a moment, if no other does.
  package static func isHeld(_ path: String) -> Bool {
    // Whoever must know takes the lock, and hears why it can't.
    guard let descriptor = openForReading(path) else { return false }
    defer { release(descriptor) }
    return flock(descriptor.rawValue, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Removes a file, unless a process has it locked, shared or not, or it can't be told.
  package static func removeUnlessHeld(_ path: String) {
    guard let descriptor = openForReading(path) else { return }
    defer { release(descriptor) }
    guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0, isFile(descriptor, at: path) else { return }
    FileSystem.remove(path)
  }

  /// Opens what has a name, without waiting if it is a pipe.
  private static func openForReading(_ path: String) -> FileDescriptor? {
    try? FileDescriptor.open(FilePath(system: path), .readOnly, options: [.closeOnExec, .nonBlocking])
  }

  static func isFile(_ descriptor: FileDescriptor, at path: String) -> Bool {
    guard let mine = try? descriptor.stat(), let found = try? Stat(FilePath(system: path)) else { return false }
    return mine.deviceID == found.deviceID && mine.inode == found.inode
  }

  /// Unlocks and closes. Closing alone would not do: a process that was started meanwhile has the file open too, and
  /// the lock with it, until it runs its own program.
  static func release(_ descriptor: FileDescriptor) {
    flock(descriptor.rawValue, LOCK_UN)
    // Nothing was written through it.
    try? descriptor.close()
  }

  deinit { Self.release(descriptor) }
}
