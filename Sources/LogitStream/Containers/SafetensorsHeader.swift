import FoundationEssentials

/// The header of a safetensors file: eight bytes with the length of a JSON text, then the text. The tensors follow.
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

  /// What the header says of a tensor.
  private struct Entry: Decodable {
    let type: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case type = "dtype"
      case shape
      case offsets = "data_offsets"
    }
  }

  /// The header: an entry for each tensor's name, and one more for text.
  private struct Entries: Decodable {
    struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    var entries: [String: Entry] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for key in container.allKeys where key.stringValue != "__metadata__" {
        entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
      }
    }
  }

  /// The tensors in a file, in order of their names.
  ///
  /// - Throws: ``LogitStreamError/damagedHeader(_:reason:)`` if the header is not what it should be.
  static func arrays(in file: PlainFile) throws(LogitStreamError) -> [StoredArray] {
    let head = try file.bytes(0..<8)
    guard length(head) <= mostBytes, 8 + Int(length(head)) <= file.byteCount else {
      throw .damagedHeader(file.path, reason: "its header is said to have \(length(head)) bytes")
    }
    let start = 8 + Int(length(head))
    let text = try file.bytes(8..<start)
    guard let header = try? JSONDecoder().decode(Entries.self, from: Data(text)) else {
      throw .damagedHeader(file.path, reason: "its header is not that of a safetensors file")
    }
    var arrays: [StoredArray] = []
    for (name, entry) in header.entries.sorted(by: { $0.key < $1.key }) {
      let format = format(entry.type)
      guard entry.offsets.count == 2, entry.offsets[0] >= 0, entry.offsets[0] <= file.byteCount - start,
        entry.offsets[1] >= entry.offsets[0]
      else { throw .damagedHeader(file.path, reason: "the tensor \(name) has no place in it") }
      let offset = start + entry.offsets[0]
      let byteCount = try StoredArray.byteCount(
        entry.shape, elementBytes: format?.byteCount, at: offset, in: file, name: name)
      let given = entry.offsets[1] - entry.offsets[0]
      guard format == nil || given == byteCount else {
        throw .damagedHeader(file.path, reason: "the tensor \(name) has \(given) bytes, and its shape \(byteCount)")
      }
      arrays.append(
        StoredArray(
          file: file.path, name: name, shape: entry.shape, type: format?.description ?? entry.type, format: format,
          isColumnMajor: false, chunkShape: nil, layout: "contiguous", filters: [], storedByteCount: given,
          access: .contiguous(offset: offset)))
    }
    return arrays
  }

  private static func format(_ type: String) -> LogitFormat? {
    switch type {
    case "F16": LogitFormat(precision: .float16)
    case "BF16": LogitFormat(precision: .bfloat16)
    case "F32": LogitFormat(precision: .float32)
    case "F64": LogitFormat(precision: .float64)
    default: nil
    }
  }
}
