import HDF5

/// One filter to be undone.
enum DecodingStep: Sendable {
  /// By our own decoders.
  case own(ChunkFilter)
  /// By the library or a plugin, for one thread at a time.
  case library(Filter, LibraryFilter)

  /// The filters of a dataset, in the order in which they were applied.
  static func all(of dataset: borrowing Dataset) throws(HDF5Error) -> [DecodingStep] {
    var steps: [DecodingStep] = []
    for filter in dataset.filters {
      if let own = ChunkFilter(filter) {
        steps.append(.own(own))
      } else {
        steps.append(.library(filter, try LibraryFilter(filter, in: dataset)))
      }
    }
    return steps
  }
}

extension Filter {
  /// How many bytes come out of what went through the filter, if its format says so beforehand; nil if it does not, or if
  /// it is not known here. Decoders take memory for what is said, and a few bytes can say anything.
  func declaredByteCount(_ bytes: UnsafeRawBufferPointer) -> Int? {
    switch id {
    // nbit and scaleoffset: elements, and the size of one.
    case 5, 6: parameters.count > 4 ? Int(parameters[2]) * Int(parameters[4]) : nil
    // szip.
    case 4: bytes.little(UInt32.self, at: 0).map { Int($0) }
    default: nil
    }
  }

  /// How many bytes must be there to be undone, for those of the library's filters that do not look whether they are;
  /// nil for others.
  func neededByteCount(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard parameters.count > 6 else { return nil }
    let (elements, byteCount) = (Int(parameters[2]), Int(parameters[4]))
    switch id {
    // scaleoffset: a header of 21 bytes, which begins with how many bits are kept of each element.
    case 6:
      guard let bits = bytes.little(UInt32.self, at: 0).map({ Int($0) }) else { return 21 }
      return 21 + (elements * min(bits, 8 * byteCount) + 7) / 8
    // nbit: all elements as they are, or, of numbers, so many bits of each.
    case 5 where parameters[1] != 0: return elements * byteCount
    case 5 where parameters[3] == 1: return (elements * Int(parameters[6]) + 7) / 8
    default: return nil
    }
  }
}
