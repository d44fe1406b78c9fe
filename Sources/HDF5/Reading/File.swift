import CHDF5
import Glibc

/// An HDF5 file, open for reading.
///
///     let file = try File(readOnly: "logits.h5")
///     for path in try file.datasetPaths() {
///       let dataset = try file.dataset(path)
///       print(path, dataset.shape, dataset.elementType)
///     }
///
/// A dataset stays usable after its file has gone out of scope.
package struct File: ~Copyable, Sendable {
  /// The path, as it was given.
  package let path: String
  /// Whether another process is writing the file, in SWMR mode.
  package let isBeingWritten: Bool
  private let handle: Handle

  /// Opens a file.
  ///
  /// - Throws: ``HDF5Error``, whose ``HDF5Error/isOfOtherFormat`` is true if the file is not HDF5.
  package init(readOnly path: String) throws(HDF5Error) {
    let operation = "open file"
    let subject = Subject(file: path)
    var besideWriter = false
    handle = try withLibrary { () throws(HDF5Error) in
      if Self.isFamily(path) { return try subject.open(operation, closingWith: H5Fclose, chdf5_open_family(path)) }
      guard try subject.check(operation, chdf5_is_hdf5(path)) > 0 else {
        throw subject.error(operation, HDF5Error.otherFormat)
      }
      do throws(HDF5Error) {
        return try subject.open(operation, closingWith: H5Fclose, ReadFailures.open(path, besideWriter: false))
      } catch {
        // Another process may be writing the file in SWMR mode. If the mark is only left over, this fails in the same
        // way.
        guard error.message.contains("already open for") else { throw error }
        let handle = ReadFailures.open(path, besideWriter: true)
        guard handle >= 0 else { throw error }
        besideWriter = true
        return Handle(owning: handle, close: H5Fclose)
      }
    }
    isBeingWritten = besideWriter
    self.path = path
  }

  /// Whether a path stands for a family of files, one HDF5 file cut into several: `logits-%d.h5` for `logits-0.h5`,
  /// `logits-1.h5` and so on.
  package static func isFamily(_ path: String) -> Bool {
    // The library uses the name as a format of `printf`: it must have one integer and no other %. Most names have no %
    // at all, and are spared the regular expression.
    guard path.utf8.count(where: { $0 == UInt8(ascii: "%") }) == 1, path.firstMatch(of: familyNumber) != nil else {
      return false
    }
    guard !isThere(path) else { return false }
    return isThere(path.replacing(familyNumber) { firstNumber($0.output.1, width: $0.output.2) })
  }

  /// The number 0 as C writes it, filled up to a width with zeros or blanks.
  private static func firstNumber(_ zero: Substring, width: Substring) -> String {
    String(repeating: zero.isEmpty ? " " : "0", count: max(0, (Int(width) ?? 1) - 1)) + "0"
  }

  private static var familyNumber: Regex<(Substring, Substring, Substring)> { /%(0?)([1-9]?)d/ }

  /// Whether a file or directory is there.
  static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The paths of all datasets in all groups. Each begins with "/"; the members of a group are in order of their names.
  ///
  /// A dataset with several names is listed once. Soft and external links are not followed.
  package func datasetPaths() throws(HDF5Error) -> [String] {
    var paths: [String] = []
    try withLibrary { () throws(HDF5Error) in
      let status = withUnsafeMutablePointer(to: &paths) { paths in
        chdf5_visit_datasets(
          handle.id,
          { name, paths in
            guard let name else { return }
            paths?.assumingMemoryBound(to: [String].self).pointee.append("/" + String(cString: name))
          }, paths)
      }
      try Subject(file: path).check("list datasets", status)
    }
    return paths
  }

  /// Opens the dataset at a path.
  ///
  /// - Throws: ``HDF5Error`` if there is none, or if what the file says about it makes no sense.
  package func dataset(_ path: String) throws(HDF5Error) -> Dataset {
    let subject = Subject(file: self.path, object: path)
    return try withLibrary { () throws(HDF5Error) in
      try Dataset(
        handle: subject.open(
          "open dataset", closingWith: H5Dclose, H5Dopen2(handle.id, path, CHDF5_DEFAULT_PROPERTIES)),
        subject: subject, isBeingWritten: isBeingWritten)
    }
  }
}
