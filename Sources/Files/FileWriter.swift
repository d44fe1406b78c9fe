import Checksums
import Glibc
import SystemPackage
import Texts

/// A file that is being written, part by part. It counts once it is closed: what is written may be lost until then.
package struct FileWriter: ~Copyable {
  /// What errors call the file.
  private let name: String
  private let descriptor: FileDescriptor
  private var sum = FileSum()
  private var isOpen = true

  /// Creates a file, or empties the one that is there.
  ///
  /// - Parameter name: What errors call it, if it has this path only for now.
  package init(creating path: String, named name: String? = nil) throws(FileError) {
    self.name = name ?? path
    descriptor = try FileError.attempt(
      .create, name ?? path,
      .open(
        FilePath(system: path), .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: FilePermissions(rawValue: 0o666)))
  }

  /// Opens what is there, as it is: a device or a pipe.
  package init(existing path: String) throws(FileError) {
    name = path
    descriptor = try FileError.attempt(.create, path, .open(FilePath(system: path), .writeOnly, options: .closeOnExec))
  }

  // Closed already, but after an error, which is told.
  deinit { if isOpen { try? descriptor.close() } }

  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    _ = try FileError.attempt(.write, name, descriptor.writeAll(bytes))
    sum.append(bytes)
  }

  package mutating func write(_ bytes: [UInt8]) throws(FileError) {
    let result = bytes.withUnsafeBytes { buffer in Result { () throws(FileError) in try write(buffer) } }
    try result.get()
  }

  /// Waits until all is on disk, and closes the file. Returns what it is meant to hold.
  @discardableResult
  package consuming func close() throws(FileError) -> FileSum {
    try FileError.sync(descriptor, name)
    isOpen = false
    try FileError.close(descriptor, name)
    return sum
  }

  /// Writes to standard output.
  package static func writeToStandardOutput(_ bytes: [UInt8]) throws(FileError) {
    let name = "standard output"
    _ = try FileError.attempt(.write, name, FileDescriptor.standardOutput.writeAll(bytes))
    // Some file systems tell of a full disk when a descriptor is closed, and this one can't be yet.
    try FileError.close(FileError.attempt(.write, name, FileDescriptor.standardOutput.duplicate()), name)
  }
}

extension FileError {
  /// Waits until what was written to a file is on disk.
  static func sync(_ descriptor: FileDescriptor, _ name: String, _ operation: Operation = .write) throws(FileError) {
    while fsync(descriptor.rawValue) != 0 {
      switch Errno.last {
      case .interrupted: continue
      // Not all that can be written to can be waited for.
      case .invalidArgument, .readOnlyFileSystem, .notSupported: return
      case let code: throw FileError(operation, name, .system(code))
      }
    }
  }

  /// Closes a file that was written to.
  static func close(_ descriptor: FileDescriptor, _ name: String) throws(FileError) {
    // After an interruption it is closed, and must not be closed again.
    guard Glibc.close(descriptor.rawValue) == 0 || Errno.last == .interrupted else { throw .last(.write, name) }
  }
}
