import Texts

/// A member of a zip file, as the file's directory describes it.
struct ZipMember: Sendable {
  enum Method: Sendable, Equatable {
    case stored
    case deflated
    case other(Int)
  }

  /// What a method is called that is not known here.
  static func name(ofMethod number: Int) -> String {
    [9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz"][number] ?? "zip's method \(number)"
  }

  let name: ByteText
  let method: Method
  let isEncrypted: Bool
  /// Whether sizes and checksum follow the member, since they were not known when its header was written.
  let hasDescriptor: Bool
  /// CRC-32 of the bytes, inflated.
  let checksum: UInt32
  /// The number of bytes in the file.
  let storedByteCount: Int
  /// The number of bytes, inflated.
  let byteCount: Int
  let headerOffset: Int

  private let nameBytes: [UInt8]
  private let methodNumber: Int

  /// Reads an entry of a directory, and moves on behind it; nil if there is none.
  init?(_ bytes: LittleEndian, at position: inout Int) {
    let start = position
    guard bytes.number(UInt32.self, at: start) == 0x0201_4B50, let flags = bytes.number(UInt16.self, at: start + 8),
      let method = bytes.integer(UInt16.self, at: start + 10), let checksum = bytes.number(UInt32.self, at: start + 16),
      let stored = bytes.integer(UInt32.self, at: start + 20), let size = bytes.integer(UInt32.self, at: start + 24),
      let nameCount = bytes.integer(UInt16.self, at: start + 28),
      let extraCount = bytes.integer(UInt16.self, at: start + 30),
      let commentCount = bytes.integer(UInt16.self, at: start + 32),
      let disk = bytes.integer(UInt16.self, at: start + 34),
      let offset = bytes.integer(UInt32.self, at: start + 42)
    else { return nil }
    let nameStart = start + 46
    let end = nameStart + nameCount + extraCount + commentCount
    guard end <= bytes.bytes.count else { return nil }
    nameBytes = Array(bytes.bytes[nameStart..<nameStart + nameCount])
    let extra = LittleEndian(bytes: Array(bytes.bytes[nameStart + nameCount..<nameStart + nameCount + extraCount]))
    guard let wide = WideFields(extra, [size, stored, offset], disk: disk) else { return nil }
    (byteCount, storedByteCount, headerOffset) = (wide.values[0], wide.values[1], wide.values[2])
    guard String(validating: nameBytes, as: UTF8.self) != nil else { return nil }
    name = ByteText(String(decoding: nameBytes, as: UTF8.self))
    methodNumber = method
    self.method = method == 0 ? .stored : method == 8 ? .deflated : .other(method)
    isEncrypted = flags & 0x2041 != 0
    hasDescriptor = flags & 8 != 0
    self.checksum = checksum
    guard method != 0 || byteCount == storedByteCount else { return nil }
    position = end
  }

  /// Whether the header before a member, of a part of fixed size and one of names and extra fields, says the same.
  func agrees(with fixed: LittleEndian, _ rest: LittleEndian, nameCount: Int) -> Bool {
    guard nameBytes.elementsEqual(rest.bytes.prefix(nameCount)), fixed.integer(UInt16.self, at: 8) == methodNumber,
      let flags = fixed.number(UInt16.self, at: 6), (flags & 8 != 0) == hasDescriptor,
      (flags & 0x2041 != 0) == isEncrypted, let checksum = fixed.number(UInt32.self, at: 14),
      let stored = fixed.integer(UInt32.self, at: 18), let size = fixed.integer(UInt32.self, at: 22),
      let wide = WideFields(
        LittleEndian(bytes: Array(rest.bytes.dropFirst(nameCount))), [size, stored], disk: 0, needsAll: !hasDescriptor)
    else { return false }
    if hasDescriptor {
      return [0, self.checksum].contains(checksum) && [0, byteCount, 0xFFFF_FFFF].contains(wide.values[0])
        && [0, storedByteCount, 0xFFFF_FFFF].contains(wide.values[1])
    }
    return checksum == self.checksum && wide.values == [byteCount, storedByteCount]
  }

  /// Whether what follows a member says the same, if it begins as a descriptor. It need not.
  func agrees(withDescriptor bytes: LittleEndian) -> Bool {
    guard bytes.number(UInt32.self, at: 0) == 0x0807_4B50 else { return true }
    guard bytes.number(UInt32.self, at: 4) == checksum else { return false }
    return bytes.integer(UInt32.self, at: 8) == storedByteCount && bytes.integer(UInt32.self, at: 12) == byteCount
      || bytes.integer(UInt64.self, at: 8) == storedByteCount && bytes.integer(UInt64.self, at: 16) == byteCount
  }
}

/// Fields of 32 bits, of which those that are all ones have 64 bits among the extra fields.
private struct WideFields {
  let values: [Int]

  /// - Parameter needsAll: Whether a field that is all ones must be there; else it stays as it is.
  init?(_ extra: LittleEndian, _ narrow: [Int], disk: Int, needsAll: Bool = true) {
    var position = 0
    var wide: Range<Int>?
    // What follows the last field is padding, which some writers align members with.
    while let id = extra.integer(UInt16.self, at: position), let size = extra.integer(UInt16.self, at: position + 2) {
      let end = position + 4 + size
      guard end <= extra.bytes.count else { break }
      if id == 1 {
        guard wide == nil else { return nil }
        wide = position + 4..<end
      }
      position = end
    }
    var values = narrow
    var next = wide?.lowerBound ?? 0
    for index in values.indices where values[index] == 0xFFFF_FFFF {
      guard let wide, next + 8 <= wide.upperBound, let value = extra.integer(UInt64.self, at: next) else {
        guard needsAll else { continue }
        return nil
      }
      values[index] = value
      next += 8
    }
    guard disk == 0 || disk == 0xFFFF && wide.map({ next + 4 <= $0.upperBound }) == true else { return nil }
    self.values = values
  }
}
