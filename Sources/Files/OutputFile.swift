import Texts

/// A file of results, written under a temporary name and renamed, so that it is there whole or not at all.
package enum OutputFile {
  /// Writes `bytes` to `path`. A link is followed, and a device or pipe written to as it is.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    guard try !FileSystem.isSpecial(path) else {
      var file = try FileWriter(existing: path)
      try file.write(bytes)
      try file.close()
      return
    }
    let target = target(of: path)
    TemporaryFile.removeLeftovers(for: target)
    try Replacement.write(bytes, to: target)
  }

  /// Writes `bytes` to `path`, or to standard output if that is nil.
  package static func write(_ bytes: [UInt8], toFileOrStandardOutput path: String?) throws(FileError) {
    if let path { try write(bytes, to: path) } else { try writeToStandardOutput(bytes) }
  }

  /// A file to be written in parts, or by others, at `path`.
  ///
  /// - Throws: ``FileError`` if what is there is no regular file.
  package static func replacement(of path: String) throws(FileError) -> Replacement {
    guard try !FileSystem.isSpecial(path) else { throw FileError(.create, path, .isNotRegular) }
    let target = target(of: path)
    TemporaryFile.removeLeftovers(for: target)
    return try Replacement(of: target)
  }

  /// What a path stands for if it is a link.
  package static func target(of path: String) -> String {
    path.resolvedPath
  }

  /// Writes `bytes` to standard output.
  package static func writeToStandardOutput(_ bytes: [UInt8]) throws(FileError) {
    try FileWriter.writeToStandardOutput(bytes)
  }
}
