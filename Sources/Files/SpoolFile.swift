import Glibc
import SystemPackage
import Texts

/// A file of bytes that are written once and read again, by any number of threads: it stands in for bytes that come once.
package final class SpoolFile: Sendable {
  package let path: String
  private let descriptor: FileDescriptor
  /// Where its bytes begin.
  private let start: Int
  /// Whether it is where the bytes come from, and has them all: nothing is written to it, and it stays.
  package let isSource: Bool

  /// Opens the file, or makes it.
  ///
  /// - Throws: ``FileError``, ``FileError/Cause/locking(_:)`` if another process has it.
  package init(_ path: String) throws(FileError) {
    self.path = path
    start = 0
    isSource = false
    descriptor = try FileError.attempt(
      .create, path,
      .open(
        FilePath(system: path), .readWrite, options: [.create, .closeOnExec, .noFollow],
        permissions: FilePermissions(rawValue: 0o600)))
    guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
      let code = Errno.last
      // Nothing was written.
      try? descriptor.close()
      throw FileError(.create, path, .locking(code))
    }
  }

  /// Makes a file without a name, which is gone as soon as nobody has it open, in the directory that the system has for such
  /// ones: `TMPDIR`, or /tmp.
  ///
  /// - Throws: ``FileError`` about the directory.
  package init() throws(FileError) {
    path = ScratchDirectory.parent
    start = 0
    isSource = false
    var template = ScratchDirectory.template
    let number = mkstemp(&template)
    guard number >= 0 else { throw FileError(.create, path, .system(Errno.last)) }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    descriptor = FileDescriptor(rawValue: number)
    unlink(template)
  }

  /// Standard input, if it is a file, from where it is read next.
  ///
  /// - Parameter name: What errors call it.
  package init?(standardInputNamed name: String) {
    // Where one of these is not to be had, bytes come once.
    guard let status = try? FileDescriptor.standardInput.stat(), status.type == .regular,
      let position = try? FileDescriptor.standardInput.seek(offset: 0, from: .current)
    else { return nil }
    let duplicate = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
    guard duplicate >= 0 else { return nil }
    path = name
    descriptor = FileDescriptor(rawValue: duplicate)
    start = Int(position)
    isSource = true
  }

  // What is in it counts only together with what is known of it, and is compared before it does.
  deinit {
    // A lock of where bytes come from is another's.
    if isSource { try? descriptor.close() } else { FileLock.release(descriptor) }
  }

  package func byteCount() throws(FileError) -> Int {
    Int(try FileError.attempt(.open, path, descriptor.stat()).size) - start
  }

  /// Drops all that is in it.
  package func clear() throws(FileError) {
    guard !isSource else { return }
    try FileError.attempt(.write, path, descriptor.resize(to: 0))
  }

  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    guard !isSource else { return }
    _ = try FileError.attempt(.write, path, descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes))
  }

  /// Fills a buffer with the bytes from `offset` on, all of which must be there.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
    try descriptor.fill(buffer, at: offset, of: path, from: start)
  }

  /// Removes the file. What stays is in nobody's way.
  package func remove() { if !isSource { FileSystem.remove(path) } }
}
