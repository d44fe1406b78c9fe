import Checksums
import FoundationEssentials

/// A file of JSON that says what it is and carries its own checksum. The checksum is taken with zeros in its place.
struct SealedRecord<Content: Codable>: Codable {
  var format: String
  var version: Int
  var crc32 = noChecksum
  var content: Content

  private static var noChecksum: String { "00000000" }
  private static var checksumKey: [UInt8] { Array("\"crc32\":\"".utf8) }

  /// What a record of any version begins with.
  private struct Heading: Codable {
    var format: String
    var version: Int
  }

  init(_ content: Content, format: String, version: Int) {
    self.content = content
    self.format = format
    self.version = version
  }

  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(self)
    // Quotes inside of strings are escaped, so the key is found nowhere else.
    guard let key = data.range(of: Self.checksumKey) else { return data }
    let digits = key.upperBound..<key.upperBound + 8
    data.replaceSubrange(digits, with: Checksum.hexadecimal(Checksum.of(data)).utf8)
    return data
  }

  /// Reads a record back.
  ///
  /// - Parameters:
  ///   - owner: The path of what the record is of, and `file` its own, for messages.
  /// - Throws: ``StoreError/notAStore(_:)`` if it is of another format, ``StoreError/newerFormat(_:found:known:)`` and
  ///   ``StoreError/olderFormat(_:found:)`` if it is of another version, ``StoreError/damaged(_:reason:)``.
  static func content(
    of data: Data, format: String, versions: ClosedRange<Int>, owner: String, file: String
  ) throws(StoreError) -> Content {
    let decoder = JSONDecoder()
    guard let heading = try? decoder.decode(Heading.self, from: data) else {
      throw .damaged(file, reason: "it is no manifest")
    }
    guard heading.format == format else { throw .notAStore(owner) }
    guard heading.version <= versions.upperBound else {
      throw .newerFormat(owner, found: heading.version, known: versions.upperBound)
    }
    guard heading.version >= versions.lowerBound else { throw .olderFormat(owner, found: heading.version) }
    guard let key = data.range(of: checksumKey), key.upperBound + 8 <= data.endIndex else {
      throw .damaged(file, reason: "it has no checksum")
    }
    let digits = key.upperBound..<key.upperBound + 8
    var zeroed = data
    zeroed.replaceSubrange(digits, with: noChecksum.utf8)
    guard data[digits].elementsEqual(Checksum.hexadecimal(Checksum.of(zeroed)).utf8) else {
      throw .damaged(file, reason: "its checksum is another")
    }
    do {
      return try decoder.decode(Self.self, from: data).content
    } catch {
      throw .damaged(file, reason: "\(error)")
    }
  }
}

extension Data {
  /// Where `bytes` are found first. (`firstRange(of:)` takes a hundred times as long.)
  fileprivate func range(of bytes: [UInt8]) -> Range<Int>? {
    let position = withUnsafeBytes { content -> Int? in
      var start = 0
      while let found = content[start...].firstIndex(of: bytes[0]) {
        if content[found...].starts(with: bytes) { return found }
        start = found + 1
      }
      return nil
    }
    return position.map { startIndex + $0..<startIndex + $0 + bytes.count }
  }
}
