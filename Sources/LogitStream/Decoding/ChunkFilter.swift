import HDF5

/// A filter that is undone here, without the HDF5 library.
package enum ChunkFilter: Sendable, Hashable {
  /// zlib's format.
  case deflate
  /// The first bytes of all elements, then the second bytes, and so on.
  case shuffle(elementByteCount: Int)
  /// A checksum at the end.
  case fletcher32
  /// h5py's other built-in compression, which the HDF5 library does not know.
  case lzf

  /// Recognizes a filter by its number, which is registered with The HDF Group; nil if it is none of these.
  init?(_ filter: Filter) {
    switch filter.id {
    case 1: self = .deflate
    case 2:
      guard let size = filter.parameters.first, size > 0 else { return nil }
      self = .shuffle(elementByteCount: Int(size))
    case 3: self = .fletcher32
    case 32000: self = .lzf
    default: return nil
    }
  }
}
