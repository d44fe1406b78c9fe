import Foundation

extension Manifest {
  static let format = "logitree"
  /// Raised when an older program could not make sense of a store, or would take it for something else.
  static let version = 3

  /// A manifest's file: JSON that says what it is, and carries the checksum of itself with zeros in its place.
  private struct Envelope: Codable {
    var format = Manifest.format
    var version = Manifest.version
    var crc32 = Envelope.noChecksum
    var content: Manifest

    static let noChecksum = "00000000"
  }

  /// What a manifest of any version begins with.
  private struct Heading: Codable {
    var format: String
    var version: Int
  }

  private static let checksumKey = Data("\"crc32\":\"".utf8)

  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(Envelope(content: self))
    // Quotes inside of strings are escaped, so the key is found nowhere else.
    guard let key = data.range(of: Self.checksumKey) else { return data }
    let digits = key.upperBound..<key.upperBound + 8
    data.replaceSubrange(digits, with: Checksum.hexadecimal(Checksum.of(data)).utf8)
    return data
  }

  /// Reads a manifest back.
  ///
  /// - Parameter store: The store's path, and `file` the manifest's, for messages.
  init(decoding data: Data, store: String, file: String) throws(StoreError) {
    let decoder = JSONDecoder()
    guard let heading = try? decoder.decode(Heading.self, from: data) else {
      throw .damaged(file, reason: "it is no manifest")
    }
    guard heading.format == Self.format else { throw .notAStore(store) }
    guard heading.version <= Self.version else {
      throw .newerFormat(store, found: heading.version, known: Self.version)
    }
    guard heading.version == Self.version else { throw .olderFormat(store, found: heading.version) }
    guard let key = data.range(of: Self.checksumKey), key.upperBound + 8 <= data.endIndex else {
      throw .damaged(file, reason: "it has no checksum")
    }
    let digits = key.upperBound..<key.upperBound + 8
    var zeroed = data
    zeroed.replaceSubrange(digits, with: Envelope.noChecksum.utf8)
    guard data[digits].elementsEqual(Checksum.hexadecimal(Checksum.of(zeroed)).utf8) else {
      throw .damaged(file, reason: "its checksum is another")
    }
    do {
      self = try decoder.decode(Envelope.self, from: data).content
    } catch {
      throw .damaged(file, reason: "\(error)")
    }
    if let inconsistency { throw .damaged(file, reason: inconsistency) }
  }
}
