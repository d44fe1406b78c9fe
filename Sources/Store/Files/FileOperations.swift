import Foundation

/// System calls for files that are there whole or not at all.
enum FileOperations {
  /// What the last system call in this thread had to complain about.
  static var lastError: String { String(cString: strerror(errno)) }

  /// Writes a new file in pieces.
  static func write(
    to path: String, _ produce: (_ write: ([UInt8]) throws(StoreError) -> Void) throws(StoreError) -> Void
  ) throws(StoreError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotCreate(path, reason: lastError) }
    defer { close(descriptor) }
    try produce { bytes throws(StoreError) in
      if let failure = writeAll(bytes, to: descriptor) { throw .cannotWrite(path, reason: failure) }
    }
  }

  /// Copies a file's content, in pieces, and returns the size and checksum of what was copied.
  static func copy(_ source: String, to path: String) throws(StoreError) -> (byteCount: Int, checksum: UInt32) {
    let descriptor = open(source, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(source, reason: lastError) }
    defer { close(descriptor) }
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var byteCount = 0
    var checksum: UInt32 = 0
    try write(to: path) { write throws(StoreError) in
      while true {
        let count = read(descriptor, &piece, piece.count)
        if count == 0 { return }
        guard count > 0 || errno == EINTR else { throw .cannotRead(source, reason: lastError) }
        let read = Array(piece.prefix(max(0, count)))
        byteCount += read.count
        checksum = Checksum.of(read, continuing: checksum)
        try write(read)
      }
    }
    return (byteCount, checksum)
  }

  /// Waits until a file is on disk.
  static func sync(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path, reason: lastError) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .cannotWrite(path, reason: lastError) }
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

  /// Lets `make` write a file under a temporary name beside `path`, waits until it is on disk and renames it, so that
  /// `path` is the old or the new file, whole. Nothing is left if that fails.
  ///
  /// - Parameter temporary: The temporary name, if not one of this process's own. It must be in the same file system.
  static func replace(
    _ path: String, by temporary: String? = nil, _ make: (_ temporary: String) throws(StoreError) -> Void
  ) throws(StoreError) {
    let url = URL(fileURLWithPath: path)
    let directory = url.deletingLastPathComponent()
    let ownTemporary = directory.appendingPathComponent(".\(url.lastPathComponent).\(getpid()).tmp").path
    let temporary = temporary ?? ownTemporary
    do throws(StoreError) {
      // A killed run with this process's number may have left it, as a link to a file that must not be written to.
      if temporary == ownTemporary { unlink(temporary) }
      try make(temporary)
      try sync(temporary)
      guard rename(temporary, path) == 0 else { throw StoreError.cannotCreate(path, reason: lastError) }
    } catch {
      unlink(temporary)
      // The message names the file that was asked for.
      switch error {
      case .cannotCreate(temporary, let reason): throw .cannotCreate(path, reason: reason)
      case .cannotWrite(temporary, let reason): throw .cannotWrite(path, reason: reason)
      default: throw error
      }
    }
    syncDirectory(directory.path)
  }

  static func replace(_ path: String, with bytes: [UInt8]) throws(StoreError) {
    try replace(path) { temporary throws(StoreError) in
      try write(to: temporary) { write throws(StoreError) in try write(bytes) }
    }
  }

  /// Makes the names in a directory durable. Not all file systems can, and none loses what it has because of that.
  static func syncDirectory(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Makes a directory and those it is to be in, unless it is there.
  static func createDirectory(_ path: String) throws(StoreError) {
    guard !path.isEmpty else { throw .cannotCreate("\"\"", reason: "it has no name") }
    // From the outermost that is not there inwards.
    var missing: [String] = []
    var next = URL(fileURLWithPath: path).standardizedFileURL
    while !exists(next.path) {
      missing.append(next.path)
      next.deleteLastPathComponent()
    }
    for directory in missing.reversed() where mkdir(directory, 0o777) != 0 {
      // Another process may have been quicker.
      guard errno == EEXIST else { throw .cannotCreate(path, reason: lastError) }
    }
    guard isDirectory(path) else {
      throw .cannotCreate(path, reason: "\(missing.isEmpty ? "it" : next.path) exists and is no directory")
    }
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
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
