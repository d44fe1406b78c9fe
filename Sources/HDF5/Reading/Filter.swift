import CHDF5

/// One step that chunks go through when they are written: a compression, a reordering or a checksum.
package struct Filter: Sendable, Equatable {
  /// The number it is registered under with The HDF Group.
  package let id: Int
  /// In plain words: "gzip 4", "shuffle", "lzf", or "filter 32001" if no name is known.
  package let name: String
  /// Its parameters, in the meaning that the filter defines. For shuffle: the number of bytes in an element.
  package let parameters: [UInt32]
  /// Whether the library can undo it, by itself or with a plugin.
  package let isAvailable: Bool
}

extension Filter: CustomStringConvertible {
  package var description: String { name }
}

extension Filter {
  /// The filters that a dataset's creation properties list, in the order in which they were applied.
  static func all(properties: hid_t, subject: Subject, operation: String) throws(HDF5Error) -> [Filter] {
    let count = try subject.check(operation, H5Pget_nfilters(properties))
    var filters: [Filter] = []
    for index in 0..<UInt32(count) {
      filters.append(try Filter(at: index, properties: properties, subject: subject, operation: operation))
    }
    return filters
  }

  private init(at index: UInt32, properties: hid_t, subject: Subject, operation: String) throws(HDF5Error) {
    var parameters = [UInt32](repeating: 0, count: 8)
    var parameterCount = parameters.count
    var storedName = [CChar](repeating: 0, count: 256)
    let id = try subject.check(
      operation,
      H5Pget_filter2(properties, index, nil, &parameterCount, &parameters, storedName.count, &storedName, nil))

    if parameterCount > parameters.count {
      parameters = [UInt32](repeating: 0, count: parameterCount)
      try subject.check(
        operation, H5Pget_filter2(properties, index, nil, &parameterCount, &parameters, 0, nil, nil))
    }

    self.id = Int(id)
    self.parameters = Array(parameters.prefix(parameterCount))
    name = Self.name(of: id, self.parameters, stored: text(upToZero: storedName))
    isAvailable = try subject.check(operation, H5Zfilter_avail(id)) > 0
  }

  private static func name(of id: H5Z_filter_t, _ parameters: [UInt32], stored: String) -> String {
    let parameter = { index in parameters.count > index ? parameters[index] : 0 }
    switch id {
    case H5Z_FILTER_DEFLATE: return "gzip \(parameter(0))"
    case H5Z_FILTER_SHUFFLE: return "shuffle"
    case H5Z_FILTER_FLETCHER32: return "fletcher32"
    case H5Z_FILTER_SZIP: return "szip"
    case H5Z_FILTER_NBIT: return "nbit"
    case H5Z_FILTER_SCALEOFFSET: return "scaleoffset"
    case 32004: return "lz4"
    case 32015: return parameters.isEmpty ? "zstd" : "zstd \(parameter(0))"
    case 32008:
      return switch parameter(4) {
      case 2: "bitshuffle with lz4"
      case 3: "bitshuffle with zstd \(parameter(5))"
      default: "bitshuffle"
      }
    // The parameters from the fifth on: level, shuffle, codec.
    case 32001 where parameters.count > 6, 32026 where parameters.count > 6:
      let codec = name(["blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"], parameter(6))
      let shuffle = name(["no shuffle", "shuffle", "bitshuffle", "delta", "truncation"], parameter(5))
      return "blosc\(id == 32001 ? "" : "2") with \(codec) \(parameter(4)) and \(shuffle)"
    default:
      // A name in a file may be followed by a web address: "bitshuffle; see https://…".
      let name = stored.prefix { $0 != ";" }
      return name.isEmpty ? "filter \(id)" : String(name)
    }
  }

  private static func name(_ names: [String], _ index: UInt32) -> String {
    index < names.count ? names[Int(index)] : "\(index)"
  }
}

/// The text that the library wrote into a buffer, up to the zero that ends it.
func text(upToZero characters: [CChar]) -> String {
  String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
