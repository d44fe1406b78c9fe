import CHDF5

/// How a new dataset of one dimension is cut into chunks. Their bytes are shuffled, then compressed by deflate.
package struct NewChunks: Sendable, Hashable {
  /// The number of elements in a chunk. The last chunk has as many, and may go on beyond the dataset's end.
  package let count: Int
  /// The level of deflate, from 1 to 9.
  package let level: Int

  package init(count: Int, level: Int) {
    self.count = count
    self.level = level
  }

  /// To be called inside ``withLibrary(_:)``.
  func set(in properties: hid_t, _ subject: Subject, _ operation: String) throws(HDF5Error) {
    try subject.check(operation, H5Pset_chunk(properties, 1, [hsize_t(count)]))
    try subject.check(operation, H5Pset_shuffle(properties))
    try subject.check(operation, H5Pset_deflate(properties, UInt32(level)))
  }
}

extension NewDataset {
  /// Writes a chunk that went through the filters already.
  ///
  /// - Parameters:
  ///   - start: The chunk's first element.
  ///   - bytes: All elements of a chunk, shuffled and compressed. Those beyond the dataset's end can be anything.
  package func writeChunk(at start: Int, _ bytes: [UInt8]) throws(HDF5Error) {
    let operation = "write chunk at \(start)"
    try storage.withLibrary(subject, operation) { () throws(HDF5Error) in
      try subject.check(
        operation,
        H5Dwrite_chunk(handle.id, CHDF5_DEFAULT_PROPERTIES, 0, [hsize_t(start)], bytes.count, bytes))
    }
  }
}
