import Glibc
import Texts

/// What tells a file from others, whatever the path that leads to it.
package struct FileIdentity: Hashable, Sendable {
  private let device: dev_t
  private let inode: ino_t

  /// The file at a path, links followed; nil if none can be looked at.
  package init?(of path: String) {
    guard let status = stat(at: path) else { return nil }
    (device, inode) = (status.st_dev, status.st_ino)
  }
}

/// What the system knows of the file at a path, links followed; nil if it can't be looked at.
func stat(at path: String) -> stat? {
  var status = stat()
  return path.withSystemCharacters { stat($0, &status) } == 0 ? status : nil
}
