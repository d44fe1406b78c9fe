import CHDF5
import Texts

extension Dataset {
  /// The files that the dataset's elements are in, besides the one that was opened: external files, those of a family,
  /// the file that a link leads to, sources of a virtual dataset and of those that are sources themselves.
  package var otherFiles: [String] {
    get throws(HDF5Error) {
      if indirection == nil { return storage.file.hasSameBytes(as: file) ? [] : [storage.file] }
      if File.isFamily(file) { return File.members(ofFamily: file) }
      var found = try ownFiles()
      var sources = try virtualSources()
      var seen = Set(sources)
      while let source = sources.popLast(), seen.count <= Self.mostSources {
        if !found.contains(source.file) { found.append(source.file) }
        // What is wrong with a source is told when it is read.
        guard let dataset = try? File(readOnly: source.file).dataset(source.dataset),
          let inner = try? dataset.virtualSources(), let files = try? dataset.ownFiles()
        else { continue }
        found += files.filter { !found.contains($0) }
        sources += inner.filter { seen.insert($0).inserted }
      }
      return found
    }
  }

  /// So many sources are followed, and no more, so that it takes no time to speak of.
  private static var mostSources: Int { 10_000 }

  /// A dataset whose elements are those of a virtual one.
  private struct Source: Hashable {
    let file: String
    let dataset: String
  }

  /// External files, and the file itself if a link led to it.
  private func ownFiles() throws(HDF5Error) -> [String] {
    try withLibrary { () throws(HDF5Error) in
      let operation = "look for the dataset's files"
      var name = [CChar](repeating: 0, count: try subject.check(operation, H5Fget_name(handle.id, nil, 0)) + 1)
      try subject.check(operation, H5Fget_name(handle.id, &name, name.count))
      let own = String(systemCharacters: name)
      var files = own.hasSameBytes(as: file) ? [] : [own]
      let properties = try subject.open(operation, closingWith: H5Pclose, H5Dget_create_plist(handle.id))
      for index in 0..<UInt32(try subject.check(operation, H5Pget_external_count(properties.id))) {
        var name = [CChar](repeating: 0, count: 4096)
        var (offset, size) = (off_t(0), hsize_t(0))
        try subject.check(operation, H5Pget_external(properties.id, index, name.count, &name, &offset, &size))
        files.append(String(systemCharacters: name))
      }
      return files
    }
  }

  private func virtualSources() throws(HDF5Error) -> [Source] {
    guard case .virtual = layout else { return [] }
    return try mappings.compactMap { mapping in
      mapping.place(from: storage).map { Source(file: $0, dataset: mapping.dataset) }
    }
  }
}

extension File {
  /// The files that a family has, from the first on.
  static func members(ofFamily path: String) -> [String] {
    var members: [String] = []
    while true {
      let member = self.member(members.count, ofFamily: path)
      guard isThere(member) else { return members }
      members.append(member)
    }
  }
}
