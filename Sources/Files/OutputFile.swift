import FoundationEssentials

/// A file of results, written under a temporary name and renamed, so that it is there whole or not at all.
package enum OutputFile {
  /// Writes `bytes` to `path`. A link is followed, and a device or pipe written to as it is.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    if FileSystem.isSpecial(path) { return try FileWriter(existing: path).write(bytes) }
    try Replacement.write(bytes, to: target(of: path))
  }

  /// Writes `bytes` to `path`, or to standard output if that is nil.
  package static func write(_ bytes: [UInt8], toFileOrStandardOutput path: String?) throws(FileError) {
    if let path { try write(bytes, to: path) } else { try writeToStandardOutput(bytes) }
  }

  /// A file to be written in parts, or by others, at `path`.
  ///
  /// - Throws: ``FileError`` if what is there is no regular file.
  package static func replacement(of path: String) throws(FileError) -> Replacement {
    guard !FileSystem.isSpecial(path) else { throw FileError(.create, path, .isNotRegular) }
    return Replacement(of: target(of: path))
  }

  /// What a path stands for if it is a link.
  package static func target(of path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  /// Writes `bytes` to standard output.
  package static func writeToStandardOutput(_ bytes: [UInt8]) throws(FileError) {
    try FileWriter.writeToStandardOutput(bytes)
  }
}
