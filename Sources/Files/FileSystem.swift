import FoundationEssentials
import Glibc
import SystemPackage

/// What is where in the file system.
package enum FileSystem {
  /// Whether anything has this name, a link to nothing included.
  package static func exists(_ path: String) -> Bool {
    (try? Stat(path, followTargetSymlink: false)) != nil
  }

  package static func isDirectory(_ path: String) -> Bool { (try? Stat(path))?.type == .directory }

  /// Whether there is something at `path` that is no regular file: a device, a pipe, a directory.
  package static func isSpecial(_ path: String) -> Bool { (try? Stat(path)).map { $0.type != .regular } ?? false }

  /// Makes a directory, in one that is there.
  ///
  /// - Parameter name: What errors call it, if it has this path only for now.
  package static func makeDirectory(_ path: String, named name: String? = nil) throws(FileError) {
    guard mkdir(path, 0o777) == 0 else { throw .last(.create, name ?? path) }
  }

  /// Gives what is at a path another, in the place of what is there.
  package static func rename(_ path: String, to other: String) throws(FileError) {
    guard Glibc.rename(path, other) == 0 else { throw .last(.create, other) }
  }

  /// Makes a directory and those it is to be in, unless it is there.
  package static func createDirectory(_ path: String) throws(FileError) {
    guard !path.isEmpty else { throw FileError(.create, "\"\"", .hasNoName) }
    // From the outermost that is not there inwards.
    var missing: [String] = []
    var next = URL(fileURLWithPath: path).standardizedFileURL
    while !exists(next.path) {
      missing.append(next.path)
      next.deleteLastPathComponent()
    }
    for directory in missing.reversed() where mkdir(directory, 0o777) != 0 {
      // Another process may have been quicker.
      guard errno == EEXIST else { throw .last(.create, path) }
    }
    guard isDirectory(path) else {
      throw FileError(.create, path, .isNoDirectory(missing.isEmpty ? nil : next.path))
    }
  }

  /// Makes the names in a directory durable. Not all file systems can, and none loses what it has because of that.
  package static func syncDirectory(_ path: String) {
    guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec]) else {
      return
    }
    fsync(descriptor.rawValue)
    try? descriptor.close()
  }

  /// Removes a directory with all that is in it, if it is there and can be.
  package static func removeDirectory(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
