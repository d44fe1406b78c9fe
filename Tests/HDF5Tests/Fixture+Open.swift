import HDF5
import TestSupport

extension Fixture {
  /// Opens the file.
  func open() throws -> File { try File(readOnly: path) }
}
