import Files
import Texts

/// A directory of Zarr, version 2 or 3: an array, or a group of arrays and groups.
struct ZarrDirectory: Sendable {
  private enum Node {
    case array(metadata: String, version: Int)
    case group
  }

  let path: String
  /// Whether the directory is an array itself.
  let isArray: Bool

  private static let mostMetadataBytes = 16 << 20
  /// More groups than these, or groups in one another, are not listed.
  private static let mostGroups = 1 << 16
  private static let mostDepth = 32

  /// Nil if it is no directory of Zarr.
  init?(_ path: String) throws(LogitStreamError) {
    guard FileSystem.isDirectory(path), let node = try Self.node(path) else { return nil }
    self.path = path
    if case .array = node { isArray = true } else { isArray = false }
  }

  /// What a directory is; nil if nothing of Zarr.
  private static func node(_ path: String) throws(LogitStreamError) -> Node? {
    let third = path.appendingPathComponent("zarr.json")
    if FileSystem.isThere(third) {
      let value = try json(third)
      switch value["node_type"]?.text {
      case "array": return .array(metadata: third, version: 3)
      case "group": return .group
      default: throw .damagedHeader(third, reason: "its node_type is neither array nor group")
      }
    }
    let second = path.appendingPathComponent(".zarray")
    if FileSystem.isThere(second) { return .array(metadata: second, version: 2) }
    return FileSystem.isThere(path.appendingPathComponent(".zgroup")) ? .group : nil
  }

  private static func json(_ path: String) throws(LogitStreamError) -> JSONValue {
    let file = try PlainFile(path)
    guard file.byteCount <= mostMetadataBytes else {
      throw .damagedHeader(path, reason: "it has \(file.byteCount) bytes, and \(mostMetadataBytes) are read at most")
    }
    var scanner = JSONScanner(try file.bytes(0..<file.byteCount))
    do throws(JSONScanner.Failure) {
      let value = try JSONValue(&scanner)
      try scanner.end()
      return value
    } catch {
      throw .damagedHeader(path, reason: "it is no JSON: \(error.description)")
    }
  }

  // MARK: Arrays

  /// The array of a name, which is its path in the directory.
  func array(named name: String) throws(LogitStreamError) -> StoredArray {
    let name = name.hasBytePrefix("/") ? String(name.dropFirst()) : name
    let isInside = !name.split(separator: "/").contains("..")
    let place = name.isEmpty ? path : path.appendingPathComponent(name)
    guard isInside, FileSystem.isDirectory(place), case .array(let metadata, let version)? = try Self.node(place) else {
      throw .noSuchDataset(file: path, dataset: name, found: try arrays().map(\.name).filter { !$0.isEmpty })
    }
    return try array(name, in: place, metadata, version)
  }

  /// All arrays, in order of their names.
  func arrays() throws(LogitStreamError) -> [ListedArray] {
    var arrays: [ListedArray] = []
    var waiting = [""]
    var groups = 0
    while let name = waiting.popLast() {
      let place = name.isEmpty ? path : path.appendingPathComponent(name)
      do throws(LogitStreamError) {
        switch try Self.node(place) {
        case .array(let metadata, let version):
          arrays.append(ListedArray(name: name, array: try array(name, in: place, metadata, version)))
          continue
        case .group: break
        // Version 2 has groups without a file of their own.
        case nil: guard !name.isEmpty else { continue }
        }
        groups += 1
        guard groups <= Self.mostGroups, name.split(separator: "/").count < Self.mostDepth else {
          throw .damagedHeader(place, reason: "there are too many groups, or groups in one another")
        }
        let names: [String]
        do throws(FileError) { names = try FileSystem.names(in: place) } catch { throw .unreadableFile(error) }
        for inner in names.sorted().reversed() where FileSystem.isDirectory(place.appendingPathComponent(inner)) {
          waiting.append(name.isEmpty ? inner : "\(name)/\(inner)")
        }
      } catch {
        // One odd neighbour must not spoil the rest.
        guard error.category != .inputOutput, !name.isEmpty else { throw error }
        arrays.append(ListedArray(name: name, failure: error))
      }
    }
    return arrays
  }

  private func array(
    _ name: String, in place: String, _ metadata: String, _ version: Int
  ) throws(LogitStreamError) -> StoredArray {
    let value = try Self.json(metadata)
    let found: ZarrMetadata
    do throws(ZarrMetadata.Failure) {
      found = try ZarrMetadata(version: version, value)
    } catch {
      throw .damagedHeader(metadata, reason: error.reason)
    }
    let elementBytes = found.format?.byteCount ?? found.integers?.byteCount ?? 1
    guard StoredArray.byteCount(found.shape, elementBytes: elementBytes) != nil,
      let chunkBytes = StoredArray.byteCount(found.chunkShape, elementBytes: elementBytes), chunkBytes < 1 << 40
    else {
      throw .damagedHeader(
        metadata, reason: "its shape \(found.shape) or its chunks \(found.chunkShape) are impossible")
    }
    let chunks = ZarrChunks(
      directory: place, metadata: metadata, counts: zip(found.shape, found.chunkShape).map { ($0 + $1 - 1) / $1 },
      shape: found.shape, strides: found.strides, filters: found.filters, prefix: found.prefix,
      separator: found.separator)
    guard found.fillValue != nil || found.format == nil else {
      throw .damagedHeader(metadata, reason: "its fill value is no number")
    }
    let shape = found.chunkShape.map(String.init).joined(separator: " × ")
    var array = StoredArray(
      file: path, name: name, shape: found.shape, type: found.type, format: found.format, isColumnMajor: false,
      chunkShape: found.chunkShape,
      layout: "Zarr \(version), chunks of \(shape)" + (found.order == nil ? "" : ", transposed"),
      filters: found.filterNames, storedByteCount: try Self.storedByteCount(chunks), access: .chunked(found.filters),
      fillBytes: found.fillBytes)
    array.zarr = chunks
    array.integerFormat = found.integers
    array.decodingBuffers = found.filters.reduce(ChunkDecoder.leastBuffers) {
      max($0, ChunkDecoder.leastBuffers + $1.moreBuffers)
    }
    array.unknownCodec = found.unknownCodec
    return array
  }

  /// The bytes that chunks take, of very many those that some take, scaled up.
  private static func storedByteCount(_ chunks: ZarrChunks) throws(LogitStreamError) -> Int {
    var (count, byteCount, looked) = (0, 0, 0)
    try chunks.forEachFile { chunk in
      count += 1
      guard looked < 256, let state = try? FileState(of: chunks.path(chunk)) else { return }
      looked += 1
      byteCount += state.byteCount
    }
    return looked == 0 ? 0 : Int(Double(byteCount) / Double(looked) * Double(count))
  }
}
