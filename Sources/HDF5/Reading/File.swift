import CHDF5
import Glibc
import Texts

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
  let handle: Handle

  /// Opens a file.
  ///
  /// - Throws: ``HDF5Error``, whose ``HDF5Error/isOfOtherFormat`` is true if the file is not HDF5.
  package init(readOnly path: String) throws(HDF5Error) {
    let operation = "open file"
    let subject = Subject(file: path)
    var besideWriter = false
    // The library would wait for whoever writes to a pipe, and read a device without end.
    let isFamily = Self.isFamily(path)
    if let special = (isFamily ? Self.members(ofFamily: path) : [path]).first(where: Self.isSpecial) {
      throw subject.error(operation, special == path ? "it is no regular file" : "\(special) is no regular file")
    }
    handle = try withLibrary { () throws(HDF5Error) in
      if isFamily {
        return try subject.open(operation, closingWith: H5Fclose, ReadFailures.open(family: path))
      }
      guard try subject.check(operation, path.withSystemCharacters(chdf5_is_hdf5)) > 0 else {
        throw subject.error(operation, HDF5Error.otherFormat)
      }
      do throws(HDF5Error) {
        let handle = try subject.open(operation, closingWith: H5Fclose, ReadFailures.open(path, besideWriter: false))
        besideWriter = chdf5_is_beside_writer(handle.id) != 0
        return handle
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
    return isThere(member(0, ofFamily: path))
  }

  /// The path of a file of a family: its number stands there as C writes it, filled up to a width with zeros or blanks.
  static func member(_ number: Int, ofFamily path: String) -> String {
    path.replacing(familyNumber) { match in
      let digits = String(number)
      let filling = max(0, (Int(match.output.2) ?? 1) - digits.utf8.count)
      return String(repeating: match.output.1.isEmpty ? " " : "0", count: filling) + digits
    }
  }

  private static var familyNumber: Regex<(Substring, Substring, Substring)> { /%(0?)([1-9]?)d/ }

  /// Whether a file or directory is there.
  static func isThere(_ path: String) -> Bool { path.withSystemCharacters { access($0, F_OK) } == 0 }

  /// Whether there is a pipe, a device or the like at a path.
  private static func isSpecial(_ path: String) -> Bool {
    guard let status = stat(at: path) else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Whether an HDF5 file is there. What is no regular file is none: to open a pipe may take forever.
  static func isHDF5(_ path: String) -> Bool {
    guard let status = stat(at: path), status.st_mode & S_IFMT == S_IFREG else { return false }
    return withLibrary { path.withSystemCharacters(chdf5_is_hdf5) } > 0
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
