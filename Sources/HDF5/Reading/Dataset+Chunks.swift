import CHDF5

extension Dataset {
  /// The number of bytes that a chunk takes in its file; nil if it was never written. If the dataset has no filters, that is
  /// what it should take.
  ///
  /// - Parameter offset: The indices of the chunk's first element.
  package func storedByteCount(ofChunk offset: [Int]) throws(HDF5Error) -> Int? {
    try withLibrary { () throws(HDF5Error) in
      var size: hsize_t = 0
      if H5Dget_chunk_storage_size(handle.id, offset.map { hsize_t($0) }, &size) < 0 {
        let failure = subject.failure("find chunk \(offset)")
        // The library calls that an error if no chunk at all was written.
        guard failure.message == "chunk storage is not allocated" else { throw failure }
        return nil
      }
      guard let size = Int(exactly: size) else {
        throw subject.error("find chunk \(offset)", "impossible size: \(size)")
      }
      return size == 0 ? nil : size
    }
  }

  /// Reads the bytes of a chunk as they are stored, after all filters.
  ///
  /// - Parameter buffer: Has as many bytes as the chunk takes in its file.
  /// - Returns: Bit i is set if the dataset's filter i was not applied to this chunk. Nil if it takes another number of bytes.
  package func readStoredChunk(
    _ offset: [Int], into buffer: UnsafeMutableRawBufferPointer
  ) throws(HDF5Error) -> UInt32? {
    try withLibrary { () throws(HDF5Error) in
      let operation = "read chunk \(offset)"
      let start = offset.map { hsize_t($0) }
      guard let first = buffer.baseAddress else { return nil }
      var skipped: UInt32 = 0
      let status = ReadFailures.reading(exactly: buffer.count) {
        chdf5_read_chunk(handle.id, start, &skipped, first, buffer.count)
      }
      guard let status else { return nil }
      try subject.check(operation, status)
      return skipped
    }
  }

  /// The number of chunks that are in the file.
  ///
  /// - Complexity: O(that number)
  package var chunkCount: Int {
    get throws(HDF5Error) {
      try withLibrary { () throws(HDF5Error) in
        let operation = "count chunks"
        let space = try subject.open(operation, closingWith: H5Sclose, H5Dget_space(handle.id))
        var count: hsize_t = 0
        try subject.check(operation, H5Dget_num_chunks(handle.id, space.id, &count))
        return Int(clamping: count)
      }
    }
  }

  /// The indices of the first elements of all chunks that are in the file.
  ///
  /// - Complexity: O(`count`²), so for few chunks only.
  /// - Parameter count: Their number.
  package func chunkOffsets(count: Int) throws(HDF5Error) -> [[Int]] {
    try withLibrary { () throws(HDF5Error) in
      let operation = "list chunks"
      let space = try subject.open(operation, closingWith: H5Sclose, H5Dget_space(handle.id))
      var offsets: [[Int]] = []
      for index in 0..<count {
        var offset = [hsize_t](repeating: 0, count: shape.count)
        try subject.check(
          operation, H5Dget_chunk_info(handle.id, space.id, hsize_t(index), &offset, nil, nil, nil))
        offsets.append(offset.map { Int(clamping: $0) })
      }
      return offsets
    }
  }
}
