import Checksums
import Files
import Texts

extension Store {
  /// Keeps a taxonomy in the store, in place of the one that it has.
  ///
  /// - Parameters:
  ///   - taxonomy: The bytes of the file it is in; nil to keep none.
  ///   - path: Where that file is.
  /// - Throws: ``StoreError``
  package func keep(taxonomy: [UInt8]?, from path: String) throws(StoreError) -> StoredHierarchy {
    let lock = try StoreLock(directory)
    defer { withExtendedLifetime(lock) {} }
    var manifest = try read().manifest
    if let taxonomy {
      let file = try directory.addFile(manifest.newFileName("taxonomy", extension: "txt"), taxonomy)
      manifest.taxonomy = Manifest.Taxonomy(file: file, name: path.lastPathComponent)
    } else {
      manifest.taxonomy = nil
    }
    try directory.replaceManifest(manifest)
    directory.removeStrayFiles()
    return try StoredHierarchy(manifest, path: directory.path)
  }

  /// The taxonomy that the store has, and the file that it is in; nil if it has none. Its checksum is checked.
  ///
  /// - Throws: ``StoreError/damagedTaxonomy(_:reason:)``, ``StoreError/file(_:)``
  package func taxonomy(of stored: StoredHierarchy) throws(StoreError) -> (path: String, bytes: [UInt8])? {
    guard let record = stored.manifest.taxonomy?.file else { return nil }
    return (directory.file(record.name), try directory.taxonomy(record))
  }
}

extension StoreDirectory {
  /// The bytes of a taxonomy's file, which are what was written.
  func taxonomy(_ record: Manifest.File) throws(StoreError) -> [UInt8] {
    do throws(StoreError) {
      var bytes: [UInt8] = []
      var sum = FileSum()
      let file = try opened(record)
      try StoreError.files(
        file.forEachPart { part in
          bytes.append(contentsOf: part)
          sum.append(part)
        })
      try compare(sum, with: record)
      return bytes
    } catch .damaged(let path, let reason) {
      throw .damagedTaxonomy(path, reason: reason)
    }
  }

  /// Writes a file of these bytes, which then never changes.
  fileprivate func addFile(_ name: String, _ bytes: [UInt8]) throws(StoreError) -> Manifest.File {
    let path = file(name)
    let replacement = try StoreError.files(Replacement(of: path))
    let sum: FileSum
    do throws(FileError) {
      var file = try FileWriter(creating: replacement.temporary, named: path)
      try file.write(bytes)
      sum = try file.close()
    } catch {
      throw .file(error)
    }
    try replacement.putInPlace(sum)
    return Manifest.File(name, sum)
  }
}
