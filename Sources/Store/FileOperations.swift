import Foundation

/// System calls for files that are there whole or not at all.
enum FileOperations {
  /// What the last system call in this thread had to complain about.
  static var lastError: String { String(cString: strerror(errno)) }

  /// Writes a new file and waits until it is on disk. A file that can't be written in full is removed.
  static func write(_ bytes: some Collection<UInt8>, to path: String) throws(StoreError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotCreate(path, reason: lastError) }
    var failure = writeAll(Array(bytes), to: descriptor)
    if failure == nil, fsync(descriptor) != 0, errno != EINVAL { failure = lastError }
    if close(descriptor) != 0, failure == nil { failure = lastError }
    if let failure {
      unlink(path)
      throw .cannotWrite(path, reason: failure)
    }
  }

  /// Writes to an open file and returns what went wrong, nil if nothing did.
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> String? {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0 {
          if errno == EINTR { continue }
          return lastError
        }
        rest = rest.dropFirst(written)
      }
      return nil
    }
  }

  /// Writes `bytes` to a temporary name beside `path` and renames it, so that `path` is the old or the new file, whole.
  static func replace(_ path: String, with bytes: some Collection<UInt8>) throws(StoreError) {
    let url = URL(fileURLWithPath: path)
    let directory = url.deletingLastPathComponent()
    let temporary = directory.appendingPathComponent(".\(url.lastPathComponent).\(getpid()).tmp").path
    do {
      try write(bytes, to: temporary)
    } catch {
      // The message names the file that was asked for.
      switch error {
      case .cannotCreate(_, let reason): throw .cannotCreate(path, reason: reason)
      case .cannotWrite(_, let reason): throw .cannotWrite(path, reason: reason)
      default: throw error
      }
    }
    guard rename(temporary, path) == 0 else {
      let reason = lastError
      unlink(temporary)
      throw .cannotCreate(path, reason: reason)
    }
    syncDirectory(directory.path)
  }

  /// Makes the names in a directory durable. Not all file systems can, and none loses what it has because of that.
  static func syncDirectory(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  static func removeDirectory(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Whether there is something at `path` that is no regular file: a device, a pipe, a directory.
  static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }
}
