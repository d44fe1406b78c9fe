import Foundation

/// The right to change a store, which one process has at a time. Ends with the process, however that ends.
package struct StoreLock: ~Copyable {
  private let descriptor: Int32

  /// - Throws: ``StoreError/locked(_:)`` if another process has it.
  package init(_ directory: StoreDirectory) throws(StoreError) {
    descriptor = open(directory.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      // A run that gave up may have taken the directory away.
      throw errno == ENOENT ? .locked(directory.path) : .cannotCreate(directory.path, reason: FileOperations.lastError)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isTaken = errno == EWOULDBLOCK
      let reason = FileOperations.lastError
      close(descriptor)
      throw isTaken ? .locked(directory.path) : .cannotCreate(directory.path, reason: "no lock: \(reason)")
    }
    // A run that gave up may have taken the file away between the two calls.
    guard Self.isFile(descriptor, at: directory.lockPath) else {
      Self.release(descriptor)
      throw .locked(directory.path)
    }
  }

  /// Whether a process has it: this one for a moment, if no other does.
  static func isHeld(in directory: StoreDirectory) -> Bool {
    let descriptor = open(directory.lockPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { release(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
    var mine = stat()
    var found = stat()
    return fstat(descriptor, &mine) == 0 && stat(path, &found) == 0 && mine.st_dev == found.st_dev
      && mine.st_ino == found.st_ino
  }

  /// Unlocks and closes. Closing alone would not do: a process that was started meanwhile has the file open too, and
  /// the lock with it, until it runs its own program.
  private static func release(_ descriptor: Int32) {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  deinit { Self.release(descriptor) }
}
