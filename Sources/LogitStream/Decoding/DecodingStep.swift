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
    case 4: bytes.number(UInt32.self, at: 0).map { Int(UInt32(littleEndian: $0)) }
    // Blosc.
    case 32001: bytes.number(UInt32.self, at: 4).map { Int(UInt32(littleEndian: $0)) }
    // LZ4, and bitshuffle with a compression.
    case 32004: bytes.number(UInt64.self, at: 0).map { Int(clamping: UInt64(bigEndian: $0)) }
    case 32008 where parameters.count > 4 && parameters[4] != 0:
      bytes.number(UInt64.self, at: 0).map { Int(clamping: UInt64(bigEndian: $0)) }
    case 32015: bytes.zstandardByteCount
    default: nil
    }
  }
}

extension Filter {
  /// How many bytes must be there to be undone, for those of the library's filters that do not look whether they are;
  /// nil for others.
  func neededByteCount(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard parameters.count > 6 else { return nil }
    let (elements, byteCount) = (Int(parameters[2]), Int(parameters[4]))
    switch id {
    // scaleoffset: a header of 21 bytes, which begins with how many bits are kept of each element.
    case 6:
      guard let bits = bytes.number(UInt32.self, at: 0).map({ Int(UInt32(littleEndian: $0)) }) else { return 21 }
      return 21 + (elements * min(bits, 8 * byteCount) + 7) / 8
    // nbit: all elements as they are, or, of numbers, so many bits of each.
    case 5 where parameters[1] != 0: return elements * byteCount
    case 5 where parameters[3] == 1: return (elements * Int(parameters[6]) + 7) / 8
    default: return nil
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at offset: Int) -> Number? {
    offset + MemoryLayout<Number>.size <= count ? loadUnaligned(fromByteOffset: offset, as: Number.self) : nil
  }

  /// The content size in the header of a Zstandard frame (RFC 8878, 3.1.1.1).
  fileprivate var zstandardByteCount: Int? {
    guard number(UInt32.self, at: 0).map({ UInt32(littleEndian: $0) }) == 0xFD2F_B528, count > 4 else { return nil }
    let descriptor = self[4]
    let isSingleSegment = descriptor & 0x20 != 0
    let offset = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][Int(descriptor & 3)]
    return switch descriptor >> 6 {
    case 0: isSingleSegment && offset < count ? Int(self[offset]) : nil
    case 1: number(UInt16.self, at: offset).map { Int(UInt16(littleEndian: $0)) + 256 }
    case 2: number(UInt32.self, at: offset).map { Int(UInt32(littleEndian: $0)) }
    default: number(UInt64.self, at: offset).map { Int(clamping: UInt64(littleEndian: $0)) }
    }
  }
}
