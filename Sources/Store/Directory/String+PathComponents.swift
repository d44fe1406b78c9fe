/// Components of a path, which are separated by slashes.
extension String {
  /// The path of a file in the directory with this path. The working directory has the empty path.
  func appendingPathComponent(_ name: String) -> String {
    isEmpty || utf8.last == UInt8(ascii: "/") ? self + name : "\(self)/\(name)"
  }

  /// The name of the file with this path.
  var lastPathComponent: String {
    let path = withoutSlashesAtEnd
    return path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? String(path)
  }

  /// The path of the directory that has the file with this path; empty if that is the working directory.
  var deletingLastPathComponent: String {
    let path = withoutSlashesAtEnd
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == startIndex ? "/" : String(path[..<slash])
  }

  private var withoutSlashesAtEnd: Substring {
    var path = self[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    return path
  }
}
