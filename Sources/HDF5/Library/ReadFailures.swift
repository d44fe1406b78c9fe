import CHDF5
import SystemPackage
import Texts

/// System calls that have failed while the library read files, which it may keep to itself (CHDF5/Reader.h).
///
/// To be used inside ``withLibrary(_:)``.
enum ReadFailures {
  // Whoever is inside `withLibrary` is alone.
  private nonisolated(unsafe) static var failures: (count: Int, path: String, code: Errno) = (0, "", .ioError)

  /// How many there have been.
  static var count: Int { failures.count }

  /// Makes sure that there were none since there have been so many.
  static func check(since count: Int, _ subject: Subject, _ operation: String) throws(HDF5Error) {
    guard failures.count != count else { return }
    let isOther = !failures.path.hasSameBytes(as: subject.file)
    var error = subject.error(operation, (isOther ? "\(failures.path): " : "") + "\(failures.code)")
    error.systemError = failures.code
    throw error
  }

  /// Opens a file by the driver that adds to them.
  static func open(_ path: String, besideWriter: Bool) -> hid_t {
    var receiver = chdf5_failures { path, code in
      guard let path else { return }
      ReadFailures.failures = (ReadFailures.failures.count + 1, String(systemCharacters: path), Errno(rawValue: code))
    }
    return path.withSystemCharacters { chdf5_open_with_reader($0, driver, &receiver, besideWriter ? 1 : 0) }
  }

  private static let driver = withLibrary { chdf5_register_reader() }
}
