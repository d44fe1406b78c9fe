import Checksums
import Glibc
import SystemPackage
import Texts

/// A file that takes the place of another, or of none, whole or not at all.
///
/// It is written under a temporary name beside the place it is for. ``commit(_:)`` makes sure that what is there is what was
/// meant to be written, and renames it. Without that, nothing is left of it.
///
///     let replacement = try Replacement(of: path)
///     var file = try FileWriter(creating: replacement.temporary, named: path)
///     try file.write(bytes)
///     try replacement.commit(file.close())
package struct Replacement: ~Copyable {
  /// The place it is for.
  package let path: String
  private let file: TemporaryFile

  /// Where it is to be written: an empty file.
  package var temporary: String { file.path }

  /// - Parameter directory: Where it is to be written, if not beside the place it is for. It must be in the same file
  ///   system.
  package init(of path: String, in directory: String? = nil) throws(FileError) {
    self.path = path
    file = try TemporaryFile(for: path, in: directory ?? Self.directory(of: path))
  }

  /// Puts the file in its place, and makes that last.
  ///
  /// - Parameter meant: What was written to it, and is on disk.
  package consuming func commit(_ meant: FileSum) throws(FileError) {
    let (path, temporary) = (path, temporary)
    let found: FileSum
    do throws(FileError) {
      found = try OpenFile(regular: temporary).sum()
    } catch {
      throw FileError(.write, path, error.cause)
    }
    guard found == meant else { throw FileError(.write, path, .isNotAsWritten) }
    try file.rename(to: path)
    try FileSystem.syncDirectory(Self.directory(of: path))
  }

  static func directory(of path: String) -> String {
    let directory = path.deletingLastPathComponent
    return directory.isEmpty ? "." : directory
  }
}

extension Replacement {
  /// Puts a file with this content at `path`.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let replacement = try Replacement(of: path)
    try replacement.commit(bytes)
  }

  /// Writes this content, and puts the file in its place.
  private consuming func commit(_ bytes: [UInt8]) throws(FileError) {
    var file = try FileWriter(creating: temporary, named: path)
    try file.write(bytes)
    try commit(file.close())
  }
}
