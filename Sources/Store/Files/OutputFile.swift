import Foundation

/// A file of results, written under a temporary name and renamed, so that it is there whole or not at all.
package enum OutputFile {
  /// Writes `bytes` to `path`. A link is followed, and a device or pipe written to as it is.
  ///
  /// - Throws: ``StoreError/cannotCreate(_:reason:)``, ``StoreError/cannotWrite(_:reason:)``
  package static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
    if FileOperations.isSpecial(path) {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .cannotCreate(path, reason: FileOperations.lastError) }
      defer { close(descriptor) }
      if let failure = FileOperations.writeAll(bytes, to: descriptor) { throw .cannotWrite(path, reason: failure) }
      return
    }
    try FileOperations.replace(target(of: path), with: bytes)
  }

  /// Writes `bytes` to `path`, or to standard output if that is nil.
  package static func write(_ bytes: [UInt8], toFileOrStandardOutput path: String?) throws(StoreError) {
    if let path { try write(bytes, to: path) } else { try writeToStandardOutput(bytes) }
  }

  /// Lets `make` write a file under a temporary name, and puts it at `path`.
  ///
  /// - Throws: ``StoreError/cannotCreate(_:reason:)`` if what is at `path` is no file, and what `make` throws.
  static func write(to path: String, _ make: (_ temporary: String) throws(StoreError) -> Void) throws(StoreError) {
    guard !FileOperations.isSpecial(path) else {
      throw .cannotCreate(path, reason: "it is no regular file, and this format needs one")
    }
    try FileOperations.replace(target(of: path), make)
  }

  /// What a path stands for if it is a link.
  static func target(of path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

  /// Writes `bytes` to standard output.
  package static func writeToStandardOutput(_ bytes: [UInt8]) throws(StoreError) {
    if let failure = FileOperations.writeAll(bytes, to: STDOUT_FILENO) {
      throw .cannotWrite("standard output", reason: failure)
    }
  }
}
