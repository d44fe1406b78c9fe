import Glibc
import SystemPackage
import Texts

extension FilePath {
  /// The path that a string stands for, to the system.
  package init(system path: String) { self = path.withSystemCharacters { FilePath(platformString: $0) } }
}

/// Where paths lead.
extension String {
  /// The same path from the root on, so that it holds from any working directory. Links are left as they are.
  package var absolutePath: String {
    if utf8.first == UInt8(ascii: "/") { return normalizedPath }
    guard let directory = getcwd(nil, 0) else { return ("/" + self).normalizedPath }
    defer { free(directory) }
    return String(systemCharacters: directory).appendingPathComponent(self).normalizedPath
  }

  /// What the path stands for if links are followed, whether it is there or yet to be made.
  package var resolvedPath: String {
    var path = absolutePath
    for _ in 0..<Self.mostLinks {
      if let real = Self.realPath(path) { return real }
      let directory = path.deletingLastPathComponent
      // A link to what is not there.
      if let target = Self.target(ofLink: path) {
        path =
          (target.utf8.first == UInt8(ascii: "/") ? target : directory.appendingPathComponent(target)).normalizedPath
      } else {
        return (Self.realPath(directory) ?? directory).appendingPathComponent(path.lastPathComponent)
      }
    }
    return path
  }

  /// The most links to follow before they are taken for a circle.
  private static let mostLinks = 40

  private static func realPath(_ path: String) -> String? {
    guard let real = path.withSystemCharacters({ realpath($0, nil) }) else { return nil }
    defer { free(real) }
    return String(systemCharacters: real)
  }

  private static func target(ofLink path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = path.withSystemCharacters { readlink($0, &target, Int(PATH_MAX)) }
    return count < 0 ? nil : String(systemBytes: target.prefix(count).map(UInt8.init(bitPattern:)))
  }
}
