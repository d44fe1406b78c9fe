import Glibc
import SystemPackage
import Texts

/// A file under a name of its own, `.NAME.0123abcd.tmp`, from when it is created until it is given another name.
///
/// It is locked as long as the process is at it, so that what a killed process has left can be told from what another
/// one is writing, on this machine or on another that has the same disk.
struct TemporaryFile: ~Copyable {
  let path: String
  private let descriptor: FileDescriptor
  private var isKept = false

  /// Creates a file.
  ///
  /// - Parameter target: What it is for, which errors are about.
  init(for target: String, in directory: String) throws(FileError) {
    let name = Self.name(for: target)
    for _ in 0..<Self.mostAttempts {
      let path = directory.appendingPathComponent(name.new())
      if let descriptor = try Self.created(path, for: target) {
        self.init(path, descriptor)
        return
      }
    }
    throw FileError(.create, target, .system(.fileExists))
  }

  private init(_ path: String, _ descriptor: FileDescriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  private static var mostAttempts: Int { 100 }

  /// Creates and locks a file; nil if the name is taken, or somebody has found the file before it was locked.
  private static func created(_ path: String, for target: String) throws(FileError) -> FileDescriptor? {
    let descriptor: FileDescriptor
    do throws(FileError) {
      descriptor = try FileError.attempt(
        .create, target,
        .open(
          FilePath(system: path), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
          permissions: FilePermissions(rawValue: 0o666)))
    } catch {
      guard error.code == .fileExists else { throw error }
      return nil
    }
    // A shared lock, since readers may have one too, as HDF5's do, once the file has its name. Where there are no locks
    // nothing is removed either.
    let isTaken = flock(descriptor.rawValue, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    guard !isTaken, FileLock.isFile(descriptor, at: path) else {
      FileLock.release(descriptor)
      return nil
    }
    return descriptor
  }

  /// Gives the file the name it is for.
  consuming func rename(to target: String) throws(FileError) {
    try FileSystem.rename(path, to: target)
    isKept = true
  }

  deinit {
    if !isKept { FileSystem.remove(path) }
    FileLock.release(descriptor)
  }
}

extension TemporaryFile {
  private static func name(for target: String) -> TemporaryName { TemporaryName(for: target, suffix: ".tmp") }

  /// Removes the files that killed processes have left beside `target`, which were for it. Those of processes that are
  /// alive are locked, and stay.
  static func removeLeftovers(for target: String) {
    name(for: target).found(in: Replacement.directory(of: target)).forEach(FileLock.removeUnlessHeld)
  }
}
