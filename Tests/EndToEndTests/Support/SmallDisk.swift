import Foundation
import TestSupport

/// A file system in memory of a few pages, mounted while the value lives.
final class SmallDisk {
  let path: String

  init(at path: String) throws {
    guard try Self.run("mount", "-t", "tmpfs", "-o", "size=112k", "tmpfs", path) == 0 else {
      throw Workspace.Failure(description: "can't mount \(path)")
    }
    self.path = path
  }

  deinit { _ = try? Self.run("umount", path) }

  func makeReadOnly() throws { try remount("ro") }

  func makeWritable() throws { try remount("rw") }

  func enlarge() throws { try remount("size=64m") }

  private func remount(_ option: String) throws {
    guard try Self.run("mount", "-o", "remount,\(option)", path) == 0 else {
      throw Workspace.Failure(description: "can't mount \(path) anew")
    }
  }

  /// Found out by trying; as a rule root may and others may not.
  static let canBeMade: Bool = {
    guard let workspace = try? Workspace() else { return false }
    return (try? SmallDisk(at: workspace.url.path)) != nil
  }()

  private static func run(_ arguments: String...) throws -> Int32 {
    try Command("/usr/bin/env", arguments, in: FileManager.default.temporaryDirectory).finish().status
  }
}
