import CHDF5

/// How the elements of a dataset lie in the file.
package enum Layout: Sendable, Equatable {
  /// In the dataset's header.
  case compact
  /// One after the other, at one place in the file.
  case contiguous
  /// In chunks of one shape, each stored (and compressed) on its own.
  case chunked(chunkShape: [Int])
  /// In other datasets, of this file or of others. The library reads fill values, without an error, if a source is
  /// missing.
  case virtual
}

extension Layout {
  /// Reads the layout from a dataset's creation properties.
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
      // A chunk is never larger than the dataset may grow. The library checks this only when it creates a dataset.
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
