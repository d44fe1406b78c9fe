import CHDF5
import Glibc
import Texts

extension Dataset {
  /// What is missing of a dataset whose elements are in other files, in a few words.
  ///
  /// It is nil if nothing is missing, or if that can't be told. The library itself says nothing: it reads zeros or fill
  /// values for what is missing.
  package var missingParts: String? {
    get throws(HDF5Error) {
      try withLibrary { () throws(HDF5Error) in
        let operation = "look for the dataset's parts"
        let properties = try subject.open(operation, closingWith: H5Pclose, H5Dget_create_plist(handle.id))
        if case .virtual = layout { return try missingSource(properties.id, operation) }
        return try missingExternalPart(properties.id, operation)
      }
    }
  }

  private func missingSource(_ properties: hid_t, _ operation: String) throws(HDF5Error) -> String? {
    let subject = self.subject
    var count = 0
    try subject.check(operation, H5Pget_virtual_count(properties, &count))
    var mapped: hsize_t = 0
    var hasNoEnd = false
    for index in 0..<count {
      let source = try name(operation) { H5Pget_virtual_filename(properties, index, $0, $1) }
      let dataset = try name(operation) { H5Pget_virtual_dsetname(properties, index, $0, $1) }
      let space = try subject.open(operation, closingWith: H5Sclose, H5Pget_virtual_vspace(properties, index))
      let points = H5Sget_select_npoints(space.id)
      if points < 0 { hasNoEnd = true } else { mapped += hsize_t(points) }
      // A pattern stands for any number of files, none of which has to be there.
      guard !source.contains("%"), !dataset.contains("%") else { continue }
      if let reason = try Self.absence(of: dataset, in: source, besides: file) { return reason }
    }
    let elements = hsize_t(shape.reduce(1, *))
    return hasNoEnd || mapped >= elements ? nil : "\(elements - mapped) of its elements are in no other dataset"
  }

  /// Why a source of a virtual dataset can't be read; nil if it can.
  ///
  /// The library looks for the source's file beside the virtual dataset's file, then in the working directory. A dot
  /// stands for the virtual dataset's own file.
  private static func absence(of dataset: String, in source: String, besides file: String) throws(HDF5Error) -> String?
  {
    let directory = file.lastIndex(of: "/").map { file[...$0] } ?? ""
    let paths = source == "." ? [file] : [directory + source, source]
    guard let path = paths.first(where: File.isThere) else {
      return "the file \(source) is missing"
    }
    do throws(HDF5Error) {
      let found = try File(readOnly: path).dataset(dataset)
      guard case .full = try found.allocation else { return "parts of \(source):\(dataset) were never written" }
      return nil
    } catch {
      // What the system can't read now says nothing of what is in the file.
      guard error.category != .inputOutput else { throw error }
      return "\(error)"
    }
  }

  private func missingExternalPart(_ properties: hid_t, _ operation: String) throws(HDF5Error) -> String? {
    let count = try subject.check(operation, H5Pget_external_count(properties))
    var needed = rowCount * rowByteCount
    for index in 0..<UInt32(count) {
      var characters = [CChar](repeating: 0, count: 4096)
      var offset: off_t = 0
      var size: hsize_t = 0
      try subject.check(operation, H5Pget_external(properties, index, characters.count, &characters, &offset, &size))
      let path = String(systemCharacters: characters)
      let part = min(needed, Int(exactly: size) ?? needed)
      // A file that is not there gives an error when it is read.
      var status = stat()
      if path.withSystemCharacters({ stat($0, &status) }) == 0, Int(status.st_size) < Int(offset) + part {
        return "the file \(path) ends early: \(status.st_size) bytes are there of \(Int(offset) + part)"
      }
      needed -= part
    }
    return nil
  }

  /// A name that the library gives in two calls: the first returns its length, the second its bytes.
  func name(
    _ operation: String, _ get: (UnsafeMutablePointer<CChar>?, Int) -> Int
  ) throws(HDF5Error) -> String {
    let length = try subject.check(operation, get(nil, 0))
    var characters = [CChar](repeating: 0, count: length + 1)
    try subject.check(operation, get(&characters, characters.count))
    return text(upToZero: characters)
  }
}
