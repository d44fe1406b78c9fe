import CHDF5
import Texts

extension Dataset {
  /// The files that the dataset's elements are in, besides the one that was opened: external files, those of a family,
  /// the file that a link leads to. Not those of a virtual dataset's sources.
  package var otherFiles: [String] {
    get throws(HDF5Error) {
      if File.isFamily(file) { return File.members(ofFamily: file) }
      let linked = storage.file.hasSameBytes(as: file) ? [] : [storage.file]
      if indirection == nil { return linked }
      return try withLibrary { () throws(HDF5Error) in
        let operation = "look for the dataset's files"
        let properties = try subject.open(operation, closingWith: H5Pclose, H5Dget_create_plist(handle.id))
        return linked + (try subject.externalFiles(properties.id, operation)).map(\.path)
      }
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
