/// Components of a path, which are separated by slashes. A slash is one whatever follows it: an accent makes no other
/// character of it here.
extension String {
  private static var slash: UInt8 { UInt8(ascii: "/") }

  /// The path of a file in the directory with this path. The working directory has the empty path.
  package func appendingPathComponent(_ name: String) -> String {
    isEmpty || utf8.last == Self.slash ? self + name : "\(self)/\(name)"
  }

  /// The names that the path is made of.
  package var pathComponents: [String] { utf8.split(separator: Self.slash).map { String(Substring($0)) } }

  /// The name of the file with this path; that of the root is a slash.
  package var lastPathComponent: String {
    pathComponents.last ?? (isEmpty ? "" : "/")
  }

  /// The path of the directory that has the file with this path; empty if that is the working directory.
  package var deletingLastPathComponent: String {
    var path = utf8[...]
    while path.count > 1, path.last == Self.slash { path.removeLast() }
    guard let slash = path.lastIndex(of: Self.slash) else { return "" }
    let directory = utf8[..<slash].reversed().drop { $0 == Self.slash }
    return directory.isEmpty ? "/" : String(Substring(utf8[..<directory.startIndex.base]))
  }

  /// The path without what leads nowhere: no `.`, no `..` after a name, no doubled slash. It must begin with a slash.
  package var normalizedPath: String {
    var names: [String] = []
    for name in pathComponents where name != "." {
      if name == ".." { _ = names.popLast() } else { names.append(name) }
    }
    return "/" + names.joined(separator: "/")
  }
}
