import Files

/// What the extension of a file's name says about what is to be written to it.
enum OutputName {
  /// Extensions that promise a format.
  private static let telling: Set<String> = [
    "json", "nwk", "newick", "npy", "npz", "csv", "tsv", "dot", "gv", "svg", "html", "htm", "h5", "hdf5", "png", "jpg",
    "jpeg", "pdf", "pt", "pth", "safetensors", "parquet", "xlsx",
  ]

  /// Warns if a file's extension is that of another format than `format`, which has `extensions`.
  static func warn(_ path: String?, _ format: String, extensions: String...) {
    guard let path, let name = path.split(separator: "/").last, let dot = name.lastIndex(of: ".") else { return }
    let found = name[name.index(after: dot)...].lowercased()
    guard telling.contains(found), !extensions.contains(found) else { return }
    Console.warning("\(path): is written as \(format), whatever .\(found) promises")
  }
}
