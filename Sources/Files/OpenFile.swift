import Checksums
import Glibc
import SystemPackage
import Texts

/// A file that is open for reading; closed with the value. Any number of threads may read it at once.
package struct OpenFile: ~Copyable, Sendable {
  package let path: String
  private let descriptor: FileDescriptor

  package init(_ path: String) throws(FileError) {
    self.path = path
    descriptor = try FileError.attempt(.open, path, .open(FilePath(system: path), .readOnly, options: .closeOnExec))
  }

  /// Opens a file whose size is known and whose bytes can be read in any order.
  ///
  /// - Throws: ``FileError``, ``FileError/Cause/isDirectory`` or ``FileError/Cause/isNotRegular`` for what is no such
  ///   file: a directory, pipe or device. None is waited for.
  package init(regular path: String) throws(FileError) {
    self.init(
      path,
      try FileDescriptor.openWithoutWaiting(path) { _, type in
        switch type {
        case .regular: nil
        case .directory: .isDirectory
        default: .isNotRegular
        }
      })
  }

  private init(_ path: String, _ descriptor: FileDescriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  // Nothing was written: that it can't be closed makes no difference.
  deinit { try? descriptor.close() }

  /// What the system knows of the file.
  package func status() throws(FileError) -> Stat { try FileError.attempt(.open, path, descriptor.stat()) }

  /// Fills a buffer with the bytes from `offset` on.
  ///
  /// - Throws: ``FileError``, that the file ``FileError/Cause/endsEarly(needed:found:)`` if it has fewer.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
    try descriptor.fill(buffer, at: offset, of: path)
  }

  /// Gives all bytes from the first, part by part, each valid until `body` returns. Not for several threads at once.
  package func forEachPart(_ body: (UnsafeRawBufferPointer) throws(FileError) -> Void) throws(FileError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = try FileError.attempt(.read, path, descriptor.read(into: buffer))
      if count == 0 { return }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// The size and checksum of all bytes, which are read once, part by part. Not for several threads at once.
  package func sum() throws(FileError) -> FileSum {
    var sum = FileSum()
    try forEachPart { sum.append($0) }
    return sum
  }

  /// Copies all bytes to another file, and returns their size and checksum once they are on disk. Not for several
  /// threads at once.
  ///
  /// - Parameter name: What errors call the copy.
  package func copied(to path: String, named name: String) throws(FileError) -> FileSum {
    var copy = try FileWriter(creating: path, named: name)
    try forEachPart { part throws(FileError) in try copy.write(part) }
    return try copy.close()
  }

  /// Says that some bytes will be wanted soon, so that they are fetched while others are worked on.
  package func willNeed(_ range: Range<Int>) {
    // A hint: whether it is taken makes no difference to what is read.
    _ = posix_fadvise(
      descriptor.rawValue, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_WILLNEED)
  }
}

extension OpenFile {
  /// All bytes of a file that is small enough for memory.
  package static func content(of path: String) throws(FileError) -> [UInt8] {
    try OpenFile(path).content()
  }

  /// The same of a file that must be a regular one.
  package static func content(ofRegular path: String) throws(FileError) -> [UInt8] {
    try OpenFile(regular: path).content()
  }

  private func content() throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachPart { bytes.append(contentsOf: $0) }
    return bytes
  }
}

extension FileDescriptor {
  /// Fills a buffer with bytes of a file, all of which must be there.
  ///
  /// - Parameters:
  ///   - offset: Where they begin, counted from `start`.
  ///   - path: What errors call the file.
  ///   - start: Where what counts as the file begins.
  /// - Throws: ``FileError``, that the file ``FileError/Cause/endsEarly(needed:found:)`` if it has fewer.
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, at offset: Int, of path: String, from start: Int = 0
  ) throws(FileError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let position = offset + (buffer.count - rest.count)
      let count = try FileError.attempt(
        .read, path,
        read(fromAbsoluteOffset: Int64(start + position), into: UnsafeMutableRawBufferPointer(rebasing: rest)))
      guard count > 0 else {
        throw FileError(.read, path, .endsEarly(needed: offset + buffer.count, found: position))
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Opens a file for reading. The opening of a pipe would wait for whoever writes to it; this does not. It makes no
  /// difference to a regular file.
  ///
  /// - Parameter refusal: Why something of this type is not what is to be read; nil if it is.
  static func openWithoutWaiting(
    _ path: String, refusing refusal: (FileDescriptor, FileType) -> FileError.Cause?
  ) throws(FileError) -> FileDescriptor {
    let descriptor = try FileError.attempt(
      .open, path, FileDescriptor.open(FilePath(system: path), .readOnly, options: [.closeOnExec, .nonBlocking]))
    do throws(FileError) {
      let type = try FileError.attempt(.open, path, descriptor.stat()).type
      if let cause = refusal(descriptor, type) { throw FileError(.open, path, cause) }
      return descriptor
    } catch {
      // Nothing was written.
      try? descriptor.close()
      throw error
    }
  }
}
