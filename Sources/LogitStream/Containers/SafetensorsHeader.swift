import Texts

/// The header of a safetensors file, by that format's specification: eight bytes with the length of a JSON text, then the
/// text, an object with an entry for each tensor. The tensors follow, one after another, and nothing else.
enum SafetensorsHeader {
  /// The most bytes that the format allows for a header.
  private static let mostBytes = 100_000_000

  /// Whether a file can be a safetensors file, by its first bytes: the header begins like JSON, and is not too long.
  static func begins(_ head: [UInt8]) -> Bool {
    head.count > 8 && head[8] == UInt8(ascii: "{") && length(head) <= mostBytes
  }

  private static func length(_ head: [UInt8]) -> UInt64 {
    head[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The tensors in a file, in order of their names.
  ///
  /// - Throws: ``LogitStreamError/damagedHeader(_:reason:)`` if the header is not what it should be.
  static func arrays(in file: PlainFile) throws(LogitStreamError) -> [StoredArray] {
    let length = length(try file.bytes(0..<8))
    guard length <= mostBytes, 8 + Int(length) <= file.byteCount else {
      throw .damagedHeader(
        file.path, reason: "its header is said to have \(length) bytes, and \(file.byteCount - 8) are there")
    }
    let start = 8 + Int(length)
    var scanner = JSONScanner(try file.bytes(8..<start))
    let entries: [Entry]
    do throws(JSONScanner.Failure) {
      entries = try Self.entries(&scanner)
    } catch {
      throw .damagedHeader(file.path, reason: "its header is not that of a safetensors file: \(error.description)")
    }
    if let fault = fault(entries, byteCount: file.byteCount - start) {
      throw .damagedHeader(file.path, reason: fault)
    }
    return entries.sorted { $0.name < $1.name }.map { $0.array(in: file, start: start) }
  }
}

extension SafetensorsHeader {
  /// What the header says of a tensor.
  fileprivate struct Entry {
    let name: ByteText
    let type: String
    let shape: [Int]
    /// Where its bytes are, counted from the end of the header.
    let bytes: Range<Int>
  }

  fileprivate static func entries(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> [Entry] {
    guard scanner.next == UInt8(ascii: "{") else { throw scanner.failure("it does not begin with {") }
    var entries: [Entry] = []
    var hasMetadata = false
    try scanner.object { scanner, key throws(JSONScanner.Failure) in
      guard key.hasSameBytes(as: "__metadata__") else { return entries.append(try entry(key, &scanner)) }
      guard !hasMetadata else { throw scanner.failure("__metadata__ is there twice") }
      hasMetadata = true
      var keys: [ByteText] = []
      try scanner.object { scanner, key throws(JSONScanner.Failure) in
        keys.append(ByteText(key))
        _ = try scanner.text()
      }
      if let twice = repeated(&keys) { throw scanner.failure("\(twice) is there twice in __metadata__") }
    }
    try scanner.end()
    var names = entries.map(\.name)
    if let twice = repeated(&names) { throw scanner.failure("the tensor \(twice) is there twice") }
    return entries
  }

  private static func entry(_ name: String, _ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> Entry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { scanner, key throws(JSONScanner.Failure) in
      switch key {
      case "dtype" where type == nil: type = try scanner.text()
      case "shape" where shape == nil: shape = try scanner.integers(most: mostDimensions)
      case "data_offsets" where offsets == nil: offsets = try scanner.integers(most: 2)
      case "dtype", "shape", "data_offsets": throw scanner.failure("the tensor \(name) has \(key) twice")
      default: throw scanner.failure("the tensor \(name) has a key that the format does not know, \(key)")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw scanner.failure("the tensor \(name) lacks its dtype, its shape or its two data_offsets")
    }
    return Entry(name: ByteText(name), type: type, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  /// So many that none has more.
  private static let mostDimensions = 1 << 10

  /// A name that is there more than once. Sorts the names.
  private static func repeated(_ names: inout [ByteText]) -> ByteText? {
    names.sort()
    return zip(names, names.dropFirst()).first { $0 == $1 }?.0
  }

  /// What is wrong with the places of tensors, which must follow one another without a gap and fill the file.
  fileprivate static func fault(_ entries: [Entry], byteCount: Int) -> String? {
    var end = 0
    let inOrder = entries.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    for entry in inOrder {
      let place = entry.bytes
      guard place.lowerBound == end else {
        return "the tensor \(entry.name) begins at byte \(place.lowerBound) of the data, where byte \(end) is next"
      }
      guard place.upperBound <= byteCount else {
        return "the tensor \(entry.name) ends at byte \(place.upperBound) of the data, and \(byteCount) are there"
      }
      end = place.upperBound
      if let size = elementBits(entry.type) {
        let bits = StoredArray.byteCount(entry.shape, elementBytes: size)
        guard let bits, bits == place.count * 8 else {
          return "the tensor \(entry.name) has \(place.count) bytes, and its shape "
            + (bits.map { "\($0 / 8)" } ?? "\(entry.shape) is impossible")
        }
      }
    }
    return end == byteCount ? nil : "its tensors have \(end) bytes, and \(byteCount) are there"
  }

  /// The number of bits in an element; nil for types that came after this was written.
  private static func elementBits(_ type: String) -> Int? {
    switch type {
    case "F4": 4
    case "F6_E2M3", "F6_E3M2": 6
    case "BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ": 8
    case "U16", "I16", "F16", "BF16": 16
    case "U32", "I32", "F32": 32
    case "U64", "I64", "F64", "C64": 64
    default: nil
    }
  }
}

extension SafetensorsHeader.Entry {
  fileprivate var integerFormat: IntegerFormat? {
    switch type {
    case "I8": IntegerFormat(byteCount: 1, isSigned: true, isBigEndian: false)
    case "U8": IntegerFormat(byteCount: 1, isSigned: false, isBigEndian: false)
    case "I16": IntegerFormat(byteCount: 2, isSigned: true, isBigEndian: false)
    case "U16": IntegerFormat(byteCount: 2, isSigned: false, isBigEndian: false)
    case "I32": IntegerFormat(byteCount: 4, isSigned: true, isBigEndian: false)
    case "U32": IntegerFormat(byteCount: 4, isSigned: false, isBigEndian: false)
    case "I64": IntegerFormat(byteCount: 8, isSigned: true, isBigEndian: false)
    case "U64": IntegerFormat(byteCount: 8, isSigned: false, isBigEndian: false)
    default: nil
    }
  }

  fileprivate func array(in file: PlainFile, start: Int) -> StoredArray {
    let format: LogitFormat? =
      switch type {
      case "F16": LogitFormat(precision: .float16)
      case "BF16": LogitFormat(precision: .bfloat16)
      case "F32": LogitFormat(precision: .float32)
      case "F64": LogitFormat(precision: .float64)
      default: nil
      }
    return StoredArray(
      file: file.path, name: name.string, shape: shape, type: format?.description ?? type, format: format,
      integerFormat: integerFormat, isColumnMajor: false, chunkShape: nil, layout: "contiguous", filters: [],
      storedByteCount: bytes.count,
      access: .contiguous(offset: start + bytes.lowerBound))
  }
}
