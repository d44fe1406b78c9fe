import Glibc
import SystemPackage
import Texts

/// A directory of its own for files that are needed for a while, where the system has such ones. It is gone with this object.
package final class ScratchDirectory: Sendable {
  package let path: String

  /// Makes a directory.
  ///
  /// - Throws: ``FileError`` about the directory that it would be in.
  package init() throws(FileError) {
    var template = Self.template
    guard mkdtemp(&template) != nil else { throw FileError(.create, Self.parent, .system(Errno.last)) }
    path = String(systemCharacters: template)
  }

  deinit { FileSystem.removeDirectory(path) }
}

extension ScratchDirectory {
  /// Where the system has temporary files and directories: `TMPDIR`, or /tmp.
  static var parent: String {
    let directory = getenv("TMPDIR").map { String(systemCharacters: $0) } ?? ""
    return directory.isEmpty ? "/tmp" : directory
  }

  /// A path there that ends in an X for each letter that mkstemp or mkdtemp puts.
  static var template: [CChar] {
    parent.appendingPathComponent("logitree-XXXXXX").withSystemCharacters { path in
      Array(UnsafeBufferPointer(start: path, count: strlen(path) + 1))
    }
  }
}
