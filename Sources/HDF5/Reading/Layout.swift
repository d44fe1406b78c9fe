import CHDF5

/// How the elements of a dataset lie in the file.
package enum Layout: Sendable, Equatable {
  /// In the dataset's header.
  case compact
  /// One after the other, in one piece.
  case contiguous
  /// In pieces of one shape, each stored (and compressed) on its own.
  case chunked(chunkShape: [Int])
  /// In other datasets, of this or other files. Where a source is missing, the library reads fill values in silence.
  case virtual
}

extension Layout {
  /// The layout that a dataset's creation properties tell.
  init(properties: hid_t, extent: Extent, subject: Subject, operation: String) throws(HDF5Error) {
    let dimensionCount = extent.shape.count
    switch H5Pget_layout(properties) {
    case H5D_COMPACT: self = .compact
    case H5D_CONTIGUOUS: self = .contiguous
    case H5D_VIRTUAL: self = .virtual
    case H5D_CHUNKED:
      var lengths = [hsize_t](repeating: 0, count: dimensionCount)
      try subject.check(operation, H5Pget_chunk(properties, Int32(dimensionCount), &lengths))
      let chunkShape = lengths.compactMap { $0 > 0 ? Int(exactly: $0) : nil }
      // A chunk is no larger than the dataset may become. The library checks that when one is made, and relies on it.
      let fits = zip(chunkShape, extent.maximumShape).allSatisfy { length, most in length <= most ?? length }
      guard chunkShape.count == dimensionCount, fits else {
        throw subject.error(operation, "impossible chunk shape: \(lengths)")
      }
      self = .chunked(chunkShape: chunkShape)
    default: throw subject.failure(operation)
    }
  }
}

extension Layout: CustomStringConvertible {
  package var description: String {
    switch self {
    case .compact: "compact"
    case .contiguous: "contiguous"
    case .chunked(let shape): "chunks of \(shape.map(String.init).joined(separator: " × "))"
    case .virtual: "virtual"
    }
  }
}
