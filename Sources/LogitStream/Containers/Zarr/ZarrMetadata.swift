import Texts

/// What describes a Zarr array, by the specifications of versions 2 and 3: `.zarray` or `zarr.json`.
struct ZarrMetadata {
  let version: Int
  var shape: [Int] = []
  var chunkShape: [Int] = []
  var type = ""
  var format: LogitFormat?
  /// The elements' type if they are integers.
  var integers: IntegerFormat?
  /// The filters that chunks went through, in that order; those that are not known here are named in ``unknownCodec``.
  var filters: [ChunkFilter] = []
  var filterNames: [String] = []
  var unknownCodec: String?
  /// The dimensions in the order in which chunks are stored, from the slowest to the fastest; nil for their own.
  var order: [Int]?
  /// Null stands for a value that is not defined: 0.
  var fillValue: Double? = 0
  var prefix = ""
  var separator = "."

  /// What the specifications say must be there, be it null.
  private static let required = [
    2: ["zarr_format", "shape", "chunks", "dtype", "compressor", "fill_value", "order", "filters"],
    3: [
      "zarr_format", "node_type", "shape", "data_type", "chunk_grid", "chunk_key_encoding", "fill_value", "codecs",
    ],
  ]

  /// Why a text does not describe an array, in a few words.
  struct Failure: Error { let reason: String }

  init(version: Int, _ value: JSONValue) throws(Failure) {
    self.version = version
    guard case .object(let members) = value else { throw Failure(reason: "it is no object") }
    for key in Self.required[version] ?? [] where !members.contains(where: { $0.key.hasSameBytes(as: key) }) {
      throw Failure(reason: "\(key) is missing")
    }
    try version == 2 ? readSecond(value) : readThird(value)
    guard shape.count == chunkShape.count, chunkShape.allSatisfy({ $0 > 0 }) else {
      throw Failure(reason: "its chunks \(chunkShape) are no parts of its shape \(shape)")
    }
  }

  // MARK: Version 2

  private mutating func readSecond(_ value: JSONValue) throws(Failure) {
    guard value["zarr_format"]?.integer == 2 else { throw Failure(reason: "zarr_format is not 2") }
    guard let shape = value["shape"]?.lengths, let chunks = value["chunks"]?.lengths else {
      throw Failure(reason: "shape or chunks are no lists of lengths")
    }
    (self.shape, chunkShape) = (shape, chunks)
    guard let dtype = value["dtype"] else { throw Failure(reason: "dtype is null") }
    let type = dtype.text.map { NumPyType($0) } ?? NumPyType.records
    (self.type, format, integers) = (type.description, type.format, type.integerFormat)
    switch value["order"]?.text {
    case "C": break
    case "F": order = Array(shape.indices.reversed())
    default: throw Failure(reason: "order is neither C nor F")
    }
    if let separator = value["dimension_separator"] {
      guard let text = separator.text, [".", "/"].contains(text) else {
        throw Failure(reason: "dimension_separator is neither . nor /")
      }
      self.separator = text
    }
    fillValue = value["fill_value"].map { Self.number($0) } ?? 0
    guard let filters = (value["filters"] ?? .array([])).elements else { throw Failure(reason: "filters are no list") }
    for filter in filters {
      guard let id = filter["id"]?.text else { throw Failure(reason: "a filter has no id") }
      add(id, filter)
    }
    if let compressor = value["compressor"] {
      guard let id = compressor["id"]?.text else { throw Failure(reason: "the compressor has no id") }
      add(id, compressor)
    }
  }

  // MARK: Version 3

  private static let integers: [String: IntegerFormat] = Dictionary(
    uniqueKeysWithValues: [1, 2, 4, 8].flatMap { bytes in
      [("int", true), ("uint", false)].map { name, isSigned in
        ("\(name)\(8 * bytes)", IntegerFormat(byteCount: bytes, isSigned: isSigned, isBigEndian: false))
      }
    })

  private static let known = [
    "zarr_format", "node_type", "shape", "data_type", "chunk_grid", "chunk_key_encoding", "fill_value", "codecs",
    "attributes", "dimension_names", "storage_transformers",
  ]

  private mutating func readThird(_ value: JSONValue) throws(Failure) {
    guard value["zarr_format"]?.integer == 3, value["node_type"]?.text == "array" else {
      throw Failure(reason: "zarr_format is not 3, or node_type not array")
    }
    // What may be passed over says so.
    if case .object(let members) = value {
      for (key, member) in members where !Self.known.containsBytes(of: key) {
        guard case .word("false")? = member["must_understand"] else {
          throw Failure(reason: "\(key) is not known here")
        }
      }
    }
    guard let shape = value["shape"]?.lengths, let grid = value["chunk_grid"], grid["name"]?.text == "regular",
      let chunks = grid["configuration"]?["chunk_shape"]?.lengths
    else { throw Failure(reason: "shape is no list of lengths, or chunk_grid is not regular") }
    (self.shape, chunkShape) = (shape, chunks)
    if let transformers = value["storage_transformers"], transformers.elements?.isEmpty != true {
      throw Failure(reason: "storage_transformers are not known here")
    }
    guard let name = value["data_type"] else { throw Failure(reason: "data_type is null") }
    type = name.text ?? name["name"]?.text ?? "a type with settings"
    integers = Self.integers[type]
    format = name.text.flatMap(LogitFormat.Precision.init).map { LogitFormat(precision: $0) }
    guard let encoding = value["chunk_key_encoding"], let encodingName = encoding["name"]?.text ?? encoding.text,
      ["default", "v2"].contains(encodingName)
    else { throw Failure(reason: "chunk_key_encoding is neither default nor v2") }
    separator = encoding["configuration"]?["separator"]?.text ?? (encodingName == "v2" ? "." : "/")
    guard [".", "/"].contains(separator) else {
      throw Failure(reason: "the separator of chunks' keys is neither . nor /")
    }
    prefix = encodingName == "v2" ? "" : "c" + separator
    guard let fill = value["fill_value"] else { throw Failure(reason: "fill_value is null") }
    fillValue = Self.number(fill, format)
    guard let codecs = value["codecs"]?.elements else { throw Failure(reason: "codecs are no list") }
    try read(codecs)
  }

  private mutating func read(_ codecs: [JSONValue]) throws(Failure) {
    var isBytes = false
    for codec in codecs {
      guard let name = codec["name"]?.text ?? codec.text else { throw Failure(reason: "a codec has no name") }
      let settings = codec["configuration"]
      switch name {
      case "transpose" where !isBytes:
        guard let order = settings?["order"]?.lengths, order.sorted() == Array(shape.indices), self.order == nil else {
          throw Failure(reason: "the order of transpose is none of its dimensions")
        }
        if order != Array(shape.indices) { self.order = order }
      case "bytes" where !isBytes:
        isBytes = true
        switch settings?["endian"]?.text {
        case "big":
          format = format.map { LogitFormat(precision: $0.precision, isBigEndian: true) }
          integers = integers.map { IntegerFormat(byteCount: $0.byteCount, isSigned: $0.isSigned, isBigEndian: true) }
        case "little": break
        default:
          guard format == nil, integers?.byteCount ?? 1 == 1 else { throw Failure(reason: "bytes has no endian") }
        }
        if let format { type = format.description }
      case "sharding_indexed", "transpose", "bytes": unknownCodec = unknownCodec ?? "the codec \(name)"
      default:
        guard isBytes else {
          unknownCodec = unknownCodec ?? "the codec \(name)"
          continue
        }
        add(name, settings ?? .object([]))
      }
    }
    guard isBytes || unknownCodec != nil else { throw Failure(reason: "no codec turns its elements into bytes") }
  }

  // MARK: Both

  private mutating func add(_ name: String, _ settings: JSONValue) {
    let level = settings["level"]?.integer.map { " \($0)" } ?? ""
    filterNames.append(name + level)
    switch name {
    case "zlib": filters.append(.deflate)
    case "gzip": filters.append(.gzip)
    case "zstd": filters.append(.zstandard)
    case "blosc": filters.append(.blosc(.first))
    case "crc32c" where version == 3: filters.append(.crc32c)
    case "shuffle":
      // By default as numcodecs, which writes it.
      guard let size = settings["elementsize"].map(\.integer) ?? 4, size > 0 else {
        unknownCodec = "shuffle"
        return
      }
      filters.append(.shuffle(elementByteCount: size))
    default: unknownCodec = unknownCodec ?? "the codec \(name)"
    }
  }

  private static let words = ["NaN": Double.nan, "Infinity": .infinity, "-Infinity": -.infinity]

  /// A number; nil if it is none.
  private static func number(_ value: JSONValue, _ format: LogitFormat? = nil) -> Double? {
    switch value {
    case .text(let text):
      // The bits of a number, the highest first.
      if text.hasBytePrefix("0x"), let format, let bits = UInt64(text.dropFirst(2), radix: 16) {
        return bytes(bits, format.byteCount, false).withUnsafeBytes {
          $0.baseAddress.map(LogitFormat(precision: format.precision).logit)
        }
      }
      return words[text]
    case .word(let word): return words[word] ?? Double(word)
    default: return nil
    }
  }

  /// The fill value as it would be stored; empty if it is none of the type.
  var fillBytes: [UInt8] {
    guard let value = fillValue else { return [] }
    if let format {
      let bits: UInt64 = LogitFormat(precision: format.precision).bits(of: value)
      return Self.bytes(bits, format.byteCount, format.isBigEndian)
    }
    guard let integers, let number = Int64(exactly: value) else { return [] }
    return Self.bytes(UInt64(bitPattern: number), integers.byteCount, integers.isBigEndian)
  }

  private static func bytes(_ bits: UInt64, _ count: Int, _ isBigEndian: Bool) -> [UInt8] {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
    return isBigEndian ? bytes.reversed() : bytes
  }

  /// The distances of neighbours in a chunk, if dimensions are stored in another order than their own.
  var strides: [Int]? {
    guard let order else { return nil }
    var strides = chunkShape
    var stride = 1
    for dimension in order.reversed() {
      strides[dimension] = stride
      stride *= chunkShape[dimension]
    }
    return strides
  }
}
