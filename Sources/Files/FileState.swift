import SystemPackage
import Texts

/// What tells that a file is another than it was: what the system knows of it without reading it.
package struct FileState: Sendable, Equatable {
  package let path: String
  package let byteCount: Int
  /// When it was changed last, in nanoseconds since 1970.
  package let changed: Int64
  /// Whether it is neither directory nor pipe nor device.
  package let isRegular: Bool
  package let isDirectory: Bool
  private let device: DeviceID
  private let inode: Inode

  /// The file at a path, links followed.
  package init(of path: String) throws(FileError) {
    let status = try FileError.attempt(.open, path, Stat(FilePath(system: path)))
    self.path = path
    byteCount = Int(status.size)
    changed = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    isRegular = status.type == .regular
    isDirectory = status.type == .directory
    device = status.deviceID
    inode = status.inode
  }

  /// Whether it is the same file, to which something may have been added.
  package func canHaveGrown(to other: FileState) -> Bool {
    path == other.path && device == other.device && inode == other.inode && other.byteCount >= byteCount
  }
}
