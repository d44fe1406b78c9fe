import SystemPackage

/// A file that is being written, part by part; closed with the value.
package struct FileWriter: ~Copyable {
  /// What errors call the file.
  private let name: String
  private let descriptor: FileDescriptor

  /// Creates a file, or empties the one that is there.
  ///
  /// - Parameter name: What errors call it, if it has this path only for now.
  package init(creating path: String, named name: String? = nil) throws(FileError) {
    self.name = name ?? path
    descriptor = try FileError.attempt(
      .create, name ?? path,
      .open(
        path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: FilePermissions(rawValue: 0o666)))
  }

  /// Opens what is there, as it is: a device or a pipe.
  package init(existing path: String) throws(FileError) {
    name = path
    descriptor = try FileError.attempt(.create, path, .open(path, .writeOnly, options: .closeOnExec))
  }

  deinit { try? descriptor.close() }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    _ = try FileError.attempt(.write, name, descriptor.writeAll(bytes))
  }

  package func write(_ bytes: [UInt8]) throws(FileError) {
    _ = try FileError.attempt(.write, name, descriptor.writeAll(bytes))
  }

  /// Writes to standard output.
  package static func writeToStandardOutput(_ bytes: [UInt8]) throws(FileError) {
    _ = try FileError.attempt(.write, "standard output", FileDescriptor.standardOutput.writeAll(bytes))
  }
}
