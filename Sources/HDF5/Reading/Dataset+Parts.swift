import CHDF5
import Glibc
import Texts

extension VirtualMapping {
  /// The file of the source, found as the library finds it; nil if it is nowhere.
  ///
  /// - Parameter storage: Where the virtual dataset is.
  package func place(from storage: Dataset.Storage) -> String? {
    file == "." ? storage.file : Self.places(of: file, for: storage.file).first(where: File.isHDF5)
  }

  /// Where the library looks for the file of a source, one place after the other.
  private static func places(of source: String, for file: String) -> [String] {
    var places: [String] = []
    var name = source
    if source.hasPrefix("/") {
      // A file that was moved is looked for by the last part of its path alone.
      places.append(source)
      name = String(source.split(separator: "/").last ?? "")
    }
    if let prefixes = getenv("HDF5_VDS_PREFIX").map({ String(systemCharacters: $0) }) {
      for prefix in prefixes.split(separator: ":") {
        places.append(prefix.replacing("${ORIGIN}", with: directory(of: file) + ".", maxReplacements: 1) + "/" + name)
      }
    }
    places += [directory(of: file) + name, name]
    // The file itself, if a symbolic link leads to it.
    if let real = file.withSystemCharacters({ realpath($0, nil) }) {
      places.append(directory(of: String(systemCharacters: real)) + name)
      free(real)
    }
    return places
  }

  /// The directory, with a slash at the end; empty for the working directory.
  private static func directory(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
  }
}

extension Dataset {
  /// What is missing of external files that the elements are in, in a few words; nil if nothing is, or if that can't be
  /// told. The library itself reads zeros for it, and says nothing.
  package var missingExternalPart: String? {
    get throws(HDF5Error) {
      try withLibrary { () throws(HDF5Error) in
        let operation = "look for the dataset's parts"
        let properties = try subject.open(operation, closingWith: H5Pclose, H5Dget_create_plist(handle.id))
        return try missingExternalPart(properties.id, operation)
      }
    }
  }

  private func missingExternalPart(_ properties: hid_t, _ operation: String) throws(HDF5Error) -> String? {
    var needed = rowCount * rowByteCount
    for file in try subject.externalFiles(properties, operation) {
      let part = min(needed, file.byteCount ?? needed)
      // A file that is not there gives an error when it is read.
      if let status = stat(at: file.path), Int(status.st_size) < file.offset + part {
        return "the file \(file.path) ends early: \(status.st_size) bytes are there of \(file.offset + part)"
      }
      needed -= part
    }
    return nil
  }
}
