import CHDF5
import SystemPackage
import Texts

/// System calls that have failed while the library read files, which it may keep to itself, and a limit to what it reads
/// (CHDF5/Reader.h).
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
    var reading = reading
    return path.withSystemCharacters { chdf5_open_with_reader($0, driver, &reading, besideWriter ? 1 : 0) }
  }

  /// Opens a family of files by that driver.
  static func open(family path: String) -> hid_t {
    var reading = reading
    return path.withSystemCharacters { chdf5_open_family_with_reader($0, driver, &reading) }
  }

  /// Reads raw data, but no more than fits into a buffer.
  ///
  /// - Returns: What `read` returns; nil if other than `count` bytes were read, or were to be read.
  static func reading(exactly count: Int, _ read: () -> herr_t) -> herr_t? {
    limit.pointee = chdf5_limit(left: count, is_exceeded: 0)
    defer { limit.pointee = noLimit }
    let status = read()
    return limit.pointee.is_exceeded == 0 && (status < 0 || limit.pointee.left == 0) ? status : nil
  }

  private static var reading: chdf5_reading {
    chdf5_reading(
      failed: { path, code in
        guard let path else { return }
        ReadFailures.failures = (ReadFailures.failures.count + 1, String(systemCharacters: path), Errno(rawValue: code))
      }, limit: limit)
  }

  private static let noLimit = chdf5_limit(left: Int(bitPattern: UInt.max), is_exceeded: 0)
  private nonisolated(unsafe) static let limit = {
    let limit = UnsafeMutablePointer<chdf5_limit>.allocate(capacity: 1)
    limit.initialize(to: noLimit)
    return limit
  }()

  private static let driver = withLibrary { chdf5_register_reader() }
}
