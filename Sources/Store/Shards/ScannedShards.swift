import LogitStream

/// Shards of a scan that have every row of a data set exactly once.
struct ScannedShards {
  /// A shard, and the state that it was completed in.
  struct Member {
    let shard: Shard
    /// nil if it is not complete.
    let manifest: Manifest?

    init(_ shard: Shard) throws(StoreError) {
      self.shard = shard
      manifest = try shard.directory.manifest()
    }
  }

  /// One of the states, for what all have in common.
  private let common: Manifest
  private let complete: [(shard: Shard, manifest: Manifest)]

  /// - Throws: ``StoreError`` if they are not of one data set and one set of options, or rows are missing or there twice.
  init(_ members: [Member]) throws(StoreError) {
    complete = members.compactMap { member in member.manifest.map { (member.shard, $0) } }
    guard let first = complete.first else {
      throw .missingShards(
        commands: members.map { "logitree scan INPUT… --shard \($0.shard.share) -o \($0.shard.parent)" })
    }
    common = first.manifest
    for (shard, manifest) in complete {
      if let difference = manifest.difference(from: common) {
        throw .otherShard(shard.directory.path, reason: "\(difference) than \(first.shard.directory.path)")
      }
    }
    try checkRows(members)
  }

  private func checkRows(_ members: [Member]) throws(StoreError) {
    var all = Manifest(names: common.names, options: common.options)
    all.sources = common.sources
    for (shard, manifest) in complete {
      all.segments += manifest.segments
      if let inconsistency = all.inconsistency { throw .otherShard(shard.directory.path, reason: inconsistency) }
    }
    let missing = all.missingRows
    guard !missing.isEmpty else { return }
    // Which shards have them is known if all were shared among equally many.
    let counts = Set(members.map(\.shard.share.count))
    guard counts.count == 1, let count = counts.first, let parent = members.first?.shard.parent else {
      throw .missingRows(
        missing.map { "rows \($0.rows.lowerBound)..<\($0.rows.upperBound) of \(all.sources[$0.input].input.place)" })
    }
    let there = Set(complete.map(\.shard.share))
    throw .missingShards(
      commands: Share.all(of: count).filter { !there.contains($0) }.map { common.scanCommand($0, into: parent) })
  }

  /// The segments of all shards, in order.
  private var segments: [Manifest.Segment] { complete.flatMap(\.manifest.segments) }

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

  /// The state of a store that has taken in all segments, on disk as one that is being built.
  func taken(into directory: StoreDirectory, after known: [Manifest]) throws(StoreError) -> Manifest {
    var manifest = Manifest(names: common.names, options: common.options)
    manifest.sources = common.sources
    manifest.figures.passes = 1
    manifest.nextFile = known.map(\.nextFile).max() ?? 1
    // A directory with segments and no state is no store to other processes.
    if known.isEmpty { try directory.saveBuilding(manifest) }
    for (shard, scanned) in complete {
      for segment in scanned.segments {
        var taken = segment
        taken.file = try directory.takeIn(segment.file, from: shard.directory, as: manifest.newFileName("segment"))
        manifest.segments.append(taken)
      }
    }
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

  /// The command that makes a shard of the same scan.
  fileprivate func scanCommand(_ share: Share, into parent: String) -> String {
    var words = ["logitree", "scan"] + sources.map { Shell.quoted($0.input.place) }
    if options.kind != .logits { words += ["--kind", options.kind.rawValue] }
    if options.temperature != 1 { words += ["--temperature", "\(options.temperature)"] }
    if options.aggregation != .sumOfMeans { words += ["--score", options.aggregation.rawValue] }
    if options.invalidRows != .fail { words += ["--on-invalid", options.invalidRows.rawValue] }
    if sources.contains(where: { $0.input.isTransposed }) { words.append("--transposed") }
    if names != names.indices.map(String.init) { words += ["--names", "FILE"] }
    if sources.contains(where: { $0.input.selection != nil }) { words += ["--rows", "A..<B"] }
    return (words + ["--shard", "\(share)", "-o", Shell.quoted(parent)]).joined(separator: " ")
  }
}
