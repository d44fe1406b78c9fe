import Glibc
import SystemPackage
import Texts

/// What is where in the file system.
package enum FileSystem {
  /// What the system knows of a path, a link itself or what it leads to; nil if nothing has this name.
  private static func status(_ path: String, followingLinks: Bool) throws(FileError) -> Stat? {
    do throws(FileError) {
      return try FileError.attempt(.open, path, Stat(FilePath(system: path), followTargetSymlink: followingLinks))
    } catch {
      switch error.code {
      case .noSuchFileOrDirectory, .notDirectory, .fileNameTooLong, .tooManySymbolicLinkLevels: return nil
      default: throw error
      }
    }
  }

  /// Whether anything has this name, a link to nothing included. What can't be looked at counts as there: opening it
  /// says why not.
  package static func exists(_ path: String) -> Bool {
    do throws(FileError) { return try status(path, followingLinks: false) != nil } catch { return true }
  }

  /// Whether there is something at a path, links followed.
  package static func isThere(_ path: String) -> Bool { path.withSystemCharacters { access($0, F_OK) } == 0 }

  /// Whether there is a directory, as far as can be told.
  package static func isDirectory(_ path: String) -> Bool {
    do throws(FileError) { return try status(path, followingLinks: true)?.type == .directory } catch { return false }
  }

  /// Whether there is something at `path` that is no regular file: a device, a pipe, a directory.
  package static func isSpecial(_ path: String) throws(FileError) -> Bool {
    guard let status = try status(path, followingLinks: true) else { return false }
    return status.type != .regular
  }

  /// Whether a path leads to a pipe, as far as can be told.
  package static func isPipe(_ path: String) -> Bool {
    do throws(FileError) { return try status(path, followingLinks: true)?.type == .fifo } catch { return false }
  }

  /// The bytes of a file; nil if there is none.
  package static func byteCount(_ path: String) throws(FileError) -> Int? {
    try status(path, followingLinks: false).map { Int($0.size) }
  }

  /// The names in a directory, in no order.
  package static func names(in path: String) throws(FileError) -> [String] {
    guard let directory = path.withSystemCharacters(opendir) else { throw .last(.open, path) }
    defer { closedir(directory) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        guard errno == 0 else { throw .last(.read, path) }
        return names
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(systemBytes: bytes.prefix { $0 != 0 })
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  /// Makes a directory, in one that is there.
  ///
  /// - Parameter name: What errors call it, if it has this path only for now.
  package static func makeDirectory(_ path: String, named name: String? = nil) throws(FileError) {
    guard path.withSystemCharacters({ mkdir($0, 0o777) }) == 0 else { throw .last(.create, name ?? path) }
  }

  /// Gives what is at a path another, in the place of what is there.
  package static func rename(_ path: String, to other: String) throws(FileError) {
    while path.withSystemCharacters({ path in other.withSystemCharacters { Glibc.rename(path, $0) } }) != 0 {
      guard Errno.last == .interrupted else { throw .last(.create, other) }
    }
  }

  /// Makes a directory and those it is to be in, unless it is there.
  package static func createDirectory(_ path: String) throws(FileError) {
    guard !path.isEmpty else { throw FileError(.create, "\"\"", .hasNoName) }
    // From the outermost that is not there inwards.
    var missing: [String] = []
    var next = path.absolutePath
    while true {
      do throws(FileError) {
        guard try status(next, followingLinks: false) == nil else { break }
      } catch {
        throw FileError(.create, path, error.cause)
      }
      missing.append(next)
      next = next.deletingLastPathComponent
    }
    for directory in missing.reversed() where directory.withSystemCharacters({ mkdir($0, 0o777) }) != 0 {
      // Another process may have been quicker.
      guard errno == EEXIST else { throw .last(.create, path) }
    }
    guard isDirectory(path) else {
      throw FileError(.create, path, .isNoDirectory(missing.isEmpty ? nil : next))
    }
  }

  /// Makes the names in a directory durable.
  ///
  /// - Throws: ``FileError`` if the system fails to. That it never can, here or with these rights, is no error: no file
  ///   system loses what it has because of that.
  package static func syncDirectory(_ path: String) throws(FileError) {
    let descriptor: FileDescriptor
    do throws(FileError) {
      descriptor = try FileError.attempt(
        .write, path, .open(FilePath(system: path), .readOnly, options: [.directory, .closeOnExec]))
    } catch {
      guard error.code == .permissionDenied || error.code == .notPermitted else { throw error }
      return
    }
    // What was to be written is, or is not, once it has been waited for: closing adds nothing.
    defer { try? descriptor.close() }
    try FileError.sync(descriptor, path)
  }

  /// Gives what is at a path another name too. Whether that can be depends on the file systems.
  package static func link(_ path: String, as other: String) -> Bool {
    path.withSystemCharacters { path in other.withSystemCharacters { Glibc.link(path, $0) } } == 0
  }

  /// Removes a file, if it is there and can be. What stays is in nobody's way.
  package static func remove(_ path: String) { _ = path.withSystemCharacters(unlink) }

  /// Removes a directory in which nothing is, if it can be.
  package static func removeEmptyDirectory(_ path: String) { _ = path.withSystemCharacters(rmdir) }

  /// Removes a directory with the files in it, if it is there and can be. What stays is in nobody's way.
  package static func removeDirectory(_ path: String) {
    for name in (try? names(in: path)) ?? [] { remove(path.appendingPathComponent(name)) }
    removeEmptyDirectory(path)
  }
}
