import CHDF5

extension Dataset {
  /// Reads selected elements, in the type they have in the file. Must be called inside ``withLibrary(_:)``.
  ///
  /// - Parameters:
  ///   - selection: A dataspace that selects elements of the dataset.
  ///   - block: A dataspace that says how they lie in `buffer`.
  func read(
    _ selection: hid_t, as block: hid_t, into buffer: UnsafeMutableRawPointer, operation: String
  ) throws(HDF5Error) {
    let failures = ReadFailures.count
    guard H5Dread(handle.id, type.id, block, selection, CHDF5_DEFAULT_PROPERTIES, buffer) < 0 else {
      return try ReadFailures.check(since: failures, subject, operation)
    }
    // The library's own message would be about plugin directories.
    if let missing = filters.first(where: { !$0.isAvailable }) {
      throw subject.error(operation, "the filter \(missing.name) is needed, which this HDF5 library does not have")
    }
    throw subject.failure(operation)
  }
}
