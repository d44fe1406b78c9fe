import HDF5
import Texts

/// What a virtual dataset is made of, and what its sources are made of in their turn.
struct VirtualSources: Sendable {
  /// A dataset that elements are in.
  struct Source: Sendable {
    let file: String
    let dataset: String
    let shape: [Int]
    let format: LogitFormat?
  }

  /// Parts of the virtual dataset, each with the index of its source.
  private(set) var parts: [(boxes: VirtualMapping.Boxes?, source: Int)] = []
  private(set) var sources: [Source] = []
  /// The files that elements are in, on all levels.
  private(set) var files: [String] = []
  /// Why it can't be read, in a few words: a source is missing, or it is made of itself. The library would say nothing: it
  /// reads fill values, or calls itself until memory ends.
  private(set) var problem: String?
  /// The values that sources have where nothing was written.
  private(set) var fillValues: [Double] = []
  /// The most bytes that it takes to decode a chunk.
  private(set) var decodingByteCount = 0
  /// Whether all elements are in some source, and all of those were written.
  private(set) var isComplete = true

  /// Virtual datasets of virtual datasets, and so on.
  private static let mostLevels = 16

  /// Looks at all sources of `dataset`, which is virtual.
  ///
  /// - Throws: ``HDF5Error`` if the system can't read them now: that says nothing of what is in them.
  init(_ dataset: borrowing Dataset) throws(HDF5Error) {
    var levels = [try Level(dataset)]
    isComplete = levels[0].isCovered
    while var level = levels.popLast(), problem == nil {
      guard let mapping = level.mappings.popFirst() else { continue }
      let name = [mapping.file, mapping.dataset]
      var deeper: Level?
      if level.known[name] == nil {
        do throws(HDF5Error) {
          deeper = try look(at: mapping, levels + [level])
        } catch {
          guard error.category != .inputOutput else { throw error }
          problem = "\(error)"
        }
        level.known[name] = sources.count - 1
      }
      if levels.isEmpty, let source = level.known[name] { parts.append((mapping.boxes, source)) }
      levels.append(level)
      if let deeper { levels.append(deeper) }
    }
  }

  /// A virtual dataset, with its parts that have yet to be looked at.
  private struct Level {
    let storage: Dataset.Storage
    let identity: Identity
    let isCovered: Bool
    var mappings: ArraySlice<VirtualMapping>
    /// The sources that were looked at, by the names of file and dataset.
    var known: [[String]: Int] = [:]

    init(_ dataset: borrowing Dataset) throws(HDF5Error) {
      storage = dataset.storage
      identity = Identity(dataset.storage)
      let mappings = try dataset.mappings
      let counts = mappings.map { $0.boxes?.target.count.reduce(1, *) ?? $0.elementCount }
      isCovered = counts.contains(nil) || counts.reduce(0) { $0 + ($1 ?? 0) } >= dataset.shape.reduce(1, *)
      self.mappings = mappings[...]
    }
  }

  /// Looks at a source of the last level. Returns its own level if it is virtual too.
  private mutating func look(at mapping: VirtualMapping, _ levels: [Level]) throws(HDF5Error) -> Level? {
    guard let file = levels.last.flatMap({ mapping.place(from: $0.storage) }) else {
      problem = "the file \(mapping.file) is missing"
      return nil
    }
    let path = mapping.dataset.hasPrefix("/") ? mapping.dataset : "/" + mapping.dataset
    let source = try File(readOnly: file).dataset(path)
    for file in [file] + (try source.otherFiles) where !files.containsBytes(of: file) { files.append(file) }
    if levels.count == 1 {
      sources.append(
        Source(file: file, dataset: path, shape: source.shape, format: LogitFormat(source.elementType)))
    }
    if let format = LogitFormat(source.elementType), source.fillValue.count == format.byteCount {
      let value = source.fillValue.withUnsafeBytes { $0.baseAddress.map(format.logit) ?? 0 }
      if !fillValues.contains(where: { $0 == value || $0.isNaN && value.isNaN }) { fillValues.append(value) }
    }
    if case .chunked(let shape) = source.layout {
      let chunkByteCount = shape.reduce(source.elementByteCount, *)
      decodingByteCount = max(
        decodingByteCount, ChunkDecoder.byteCount(chunkByteCount, buffers: ChunkDecoder.buffers(source.filters)))
    }
    guard source.layout == .virtual else {
      if case .full = try source.allocation {} else { isComplete = false }
      if let missing = try source.missingExternalPart { problem = missing }
      return nil
    }
    let identity = Identity(source.storage)
    if levels.contains(where: { $0.identity == identity }) {
      problem = "it is made of itself: \(file):\(path) is one of its parts, and made of it"
      return nil
    }
    guard levels.count < Self.mostLevels else {
      problem = "it is made of virtual datasets on more than \(Self.mostLevels) levels"
      return nil
    }
    let level = try Level(source)
    isComplete = isComplete && level.isCovered
    return level
  }

  /// What tells a dataset from others, whatever the paths that lead to its file.
  private struct Identity: Hashable {
    let file: FileIdentity?
    let path: String

    init(_ storage: Dataset.Storage) {
      file = FileIdentity(of: storage.file)
      path = storage.path
    }
  }
}
