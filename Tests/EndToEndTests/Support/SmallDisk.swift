import Foundation

/// A file system in memory of a few pages, mounted while the value lives.
final class SmallDisk: Sendable {
  let path: String

  init(at path: String) throws {
    self.path = path
    try mount("size=112k")
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  func makeReadOnly() throws { try mount("", UInt(MS_REMOUNT | MS_RDONLY)) }

  func makeWritable() throws { try mount("", UInt(MS_REMOUNT)) }

  func enlarge() throws { try mount("size=64m", UInt(MS_REMOUNT)) }

  private func mount(_ options: String, _ flags: UInt = 0) throws {
    guard Glibc.mount("tmpfs", path, "tmpfs", flags, options) == 0 else {
      throw Workspace.Failure(description: "can't mount \(path): \(String(cString: strerror(errno)))")
    }
  }

  /// Found out by trying; as a rule root may and others may not.
  static let canBeMade: Bool = {
    guard let workspace = try? Workspace() else { return false }
    return (try? SmallDisk(at: workspace.url.path)) != nil
  }()
}
