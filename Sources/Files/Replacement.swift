import Glibc
import SystemPackage

/// A file that takes the place of another, or of none, whole or not at all.
///
/// It is written under a temporary name beside the place it is for. ``commit()`` waits until it is on disk and renames it.
/// Without that, nothing is left of it.
///
///     let replacement = Replacement(of: path)
///     try FileWriter(creating: replacement.temporary, named: path).write(bytes)
///     try replacement.commit()
package struct Replacement: ~Copyable {
  /// The place it is for.
  package let path: String
  /// Where it is to be written.
  package let temporary: String
  private var isInPlace = false

  /// - Parameter temporary: The temporary name, if not one of this process's own. It must be in the same file system.
  package init(of path: String, by temporary: String? = nil) {
    self.path = path
    if let temporary {
      self.temporary = temporary
    } else {
      let name = FilePath(path).lastComponent?.string ?? ""
      self.temporary = FilePath(Self.directory(of: path)).appending(".\(name).\(getpid()).tmp").string
      // A killed run with this process's number may have left it, as a link to a file that must not be written to.
      unlink(self.temporary)
    }
  }

  /// Puts the file in its place, and makes that last.
  package consuming func commit() throws(FileError) {
    try sync()
    try FileSystem.rename(temporary, to: path)
    isInPlace = true
    FileSystem.syncDirectory(Self.directory(of: path))
  }

  /// Waits until the file is on disk.
  private func sync() throws(FileError) {
    let descriptor = try FileError.attempt(
      .open, temporary, FileDescriptor.open(temporary, .readOnly, options: .closeOnExec))
    defer { try? descriptor.close() }
    // Not all that can be written to can be waited for.
    guard fsync(descriptor.rawValue) == 0 || errno == EINVAL else { throw .last(.write, path) }
  }

  private static func directory(of path: String) -> String {
    let directory = FilePath(path).removingLastComponent()
    return directory.isEmpty ? "." : directory.string
  }

  deinit { if !isInPlace { unlink(temporary) } }
}

extension Replacement {
  /// Puts a file with this content at `path`.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let replacement = Replacement(of: path)
    try FileWriter(creating: replacement.temporary, named: path).write(bytes)
    try replacement.commit()
  }
}
