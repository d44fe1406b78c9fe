import CHDF5
import Texts

/// The bytes of a file that hold a chunk.
package struct ChunkLocation: Sendable, Equatable {
  /// The offset of the first byte from the beginning of the file.
  package let address: Int
  package let byteCount: Int
  /// Bit i is set if the dataset's filter i was not applied to this chunk.
  package let skippedFilters: UInt32
}

/// Finds the chunks of a dataset in its file, so that many threads at once can read and decode them without the
/// library.
///
/// The file is opened a second time, with a driver that reads no raw data but notes where it is (CHDF5/Locator.h).
/// Finding a chunk takes O(log of the number of chunks).
package struct ChunkLocator: ~Copyable, Sendable {
  private let file: Handle
  private let dataset: Handle
  private let subject: Subject
  private let dimensionCount: Int

  private static let driver = withLibrary { chdf5_register_locator() }

  /// Opens the file that `dataset` is in.
  ///
  /// - Throws: ``HDF5Error`` if it can't be opened any more.
  package init(_ dataset: borrowing Dataset) throws(HDF5Error) {
    let subject = dataset.subject
    let storage = dataset.storage
    let operation = "find chunks"
    dimensionCount = dataset.shape.count
    self.subject = subject
    let file = try withLibrary { () throws(HDF5Error) in
      try subject.open(
        operation, closingWith: H5Fclose, storage.file.withSystemCharacters { chdf5_open_with_locator($0, Self.driver) }
      )
    }
    self.dataset = try withLibrary { () throws(HDF5Error) in
      try subject.open(operation, closingWith: H5Dclose, H5Dopen2(file.id, storage.path, CHDF5_DEFAULT_PROPERTIES))
    }
    self.file = file
  }

  /// The location of a chunk; nil if it was never written.
  ///
  /// - Parameter offset: The indices of the chunk's first element.
  ///
  /// - Throws: ``HDF5Error`` if the index of chunks is damaged.
  package func location(of offset: [Int]) throws(HDF5Error) -> ChunkLocation? {
    precondition(offset.count == dimensionCount)
    let start = offset.map { hsize_t($0) }
    return try withLibrary { () throws(HDF5Error) in
      var address: haddr_t = 0
      var size: hsize_t = 0
      var skipped: UInt32 = 0
      let found = chdf5_locate_chunk(file.id, dataset.id, start, &address, &size, &skipped)
      guard found != 0 else { return nil }
      if found < 0, try isUnwritten(start) { return nil }
      guard found > 0, let address = Int(exactly: address), let size = Int(exactly: size) else {
        throw subject.failure("find chunk \(offset)")
      }
      return ChunkLocation(address: address, byteCount: size, skippedFilters: skipped)
    }
  }

  /// Whether a chunk that can't be found was never written. The library reports that as an error.
  private func isUnwritten(_ start: [hsize_t]) throws(HDF5Error) -> Bool {
    let failure = subject.failure("find chunk \(start)")
    if failure.message == "chunk storage is not allocated" { return true }
    // This call goes through all chunks. It is slow, but its answer is certain.
    var address: haddr_t = 0
    var size: hsize_t = 0
    var skipped: UInt32 = 0
    guard H5Dget_chunk_info_by_coord(dataset.id, start, &skipped, &address, &size) >= 0, address == haddr_t.max else {
      throw failure
    }
    return true
  }
}
