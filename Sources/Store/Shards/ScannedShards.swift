import LogitStream
import LogitsToHierarchy

/// Shards of a scan that have every row of a data set exactly once.
struct ScannedShards {
  /// A shard, and the state that it was completed in.
  private typealias Member = (shard: Shard, manifest: Manifest)

  /// One of the states, for what all have in common.
  private let common: Manifest
  private let members: [Member]

  /// - Parameter shards: At least one; those that are not complete are left out.
  /// - Throws: ``StoreError`` if they are not of one data set and one set of options, or rows are missing or there twice.
  init(_ shards: [Shard]) throws {
    var members: [Member] = []
    for shard in shards {
      guard var manifest = try shard.directory.manifest() else { continue }
      if let first = members.first {
        if let difference = manifest.difference(from: first.manifest) {
          throw StoreError.otherShard(
            shard.directory.path,
            reason: "\(difference) than \(first.shard.directory.path); make it again, or remove it")
        }
        // Kept once, since shards and clusters may be many.
        manifest.names = first.manifest.names
        manifest.sources = first.manifest.sources
      }
      members.append((shard, manifest))
    }
    guard let first = members.first else { throw try Self.nothingComplete(shards) }
    common = first.manifest
    self.members = members
    try checkRows(shards)
  }

  private static func nothingComplete(_ shards: [Shard]) throws -> StoreError {
    // One that was interrupted tells what all are of.
    guard let begun = try shards.lazy.compactMap({ try $0.directory.building() }).first else {
      return .missingShards(
        commands: shards.map { "logitree scan INPUT… --shard \($0.share) -o \(Shell.quoted($0.parent))" })
    }
    return try begun.missing(begun.sources.indices.map { begun.slice($0) }, among: shards)
  }

  private func checkRows(_ shards: [Shard]) throws {
    var all = Manifest(names: common.names, options: common.options)
    all.sources = common.sources
    all.segments = segments
    if all.inconsistency != nil {
      all.segments = []
      for (shard, manifest) in members {
        all.segments += manifest.segments
        guard let inconsistency = all.inconsistency else { continue }
        throw StoreError.otherShard(
          shard.directory.path, reason: "\(inconsistency); remove the shards of one of the scans")
      }
    }
    let missing = all.missingRows
    guard missing.isEmpty else { throw try common.missing(missing, among: shards) }
  }

  /// The segments of all shards, in order.
  private var segments: [Manifest.Segment] { members.flatMap(\.manifest.segments) }

  /// Whether a store holds these very segments.
  func areHeld(by store: Manifest) -> Bool {
    func content(_ segment: Manifest.Segment) -> Manifest.Segment {
      var content = segment
      content.file.name = ""
      content.evidence = []
      return content
    }
    return store.difference(from: common) == nil && store.segments.map(content) == segments.map(content)
  }

  /// The state of a store that has taken in all segments, which are checked, on disk as one that is being built.
  func taken(
    into directory: StoreDirectory, after known: [Manifest], _ observer: any RunObserver
  ) throws -> Manifest {
    var manifest = Manifest(names: common.names, options: common.options)
    manifest.sources = common.sources
    manifest.figures.passes = 1
    manifest.nextFile = known.map(\.nextFile).max() ?? 1
    // A directory with segments and no state is no store to other processes.
    if known.isEmpty { try directory.saveBuilding(manifest) }
    for (shard, scanned) in members {
      for segment in scanned.segments {
        guard !observer.shouldStop else { throw BuildError.interrupted }
        var taken = segment
        taken.file = try directory.takeIn(segment.file, from: shard.directory, as: manifest.newFileName("segment"))
        manifest.segments.append(taken)
      }
    }
    FileOperations.syncDirectory(directory.path)
    try directory.saveBuilding(manifest)
    return manifest
  }
}

extension Manifest {
  /// What of a data set or of options is another, in a few words that "than" follows; nil if nothing is.
  fileprivate func difference(from other: Manifest) -> String? {
    if sources.map(\.input.place) != other.sources.map(\.input.place) { return "is of other inputs" }
    if sources != other.sources { return "is of inputs with another content" }
    if names != other.names { return "has other names of clusters" }
    if options != other.options { return "was made with other options" }
    return nil
  }
}
