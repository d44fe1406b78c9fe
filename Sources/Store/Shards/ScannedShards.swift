import LogitStream
import LogitsToHierarchy

/// Shards of a scan that have every row of a data set exactly once.
struct ScannedShards {
  private let group: ShardGroup

  /// - Parameter shards: At least one; those that are not complete are left out.
  /// - Throws: ``StoreError`` if they are not of one data set and one set of options, or rows are missing or there twice.
  init(_ shards: [Shard], _ observer: any RunObserver) throws {
    var members: [ShardGroup.Member] = []
    var damaged: [(shard: Shard, error: StoreError)] = []
    for shard in shards {
      do throws(StoreError) {
        if let manifest = try shard.directory.manifest() { members.append((shard, manifest)) }
      } catch {
        guard error.isMendedByRepeating else { throw error }
        damaged.append((shard, error))
      }
    }
    guard !members.isEmpty else { throw try Self.nothingComplete(shards, damaged) }
    let groups = ShardGroup.all(members)
    let group = try ShardGroup.chosen(among: groups)
    let missing = try group.missingRows()
    guard missing.isEmpty else {
      throw damaged.isEmpty
        ? try group.common.missing(missing, among: shards)
        : Self.damaged(damaged) { group.common.scan($0) }
    }
    self.group = group
    let first = group.members[0].shard.directory.path
    for other in groups where !other.isSame(as: group) {
      let reason = other.common.difference(from: group.common, called: first) ?? "is not needed"
      for member in other.members { observer.didNotice("\(member.shard.directory.path) \(reason), and is left out") }
    }
    for (shard, _) in damaged { observer.didNotice("\(shard.directory.path) is damaged, and is left out") }
  }

  private static func nothingComplete(
    _ shards: [Shard], _ damaged: [(shard: Shard, error: StoreError)]
  ) throws -> StoreError {
    // A shard that was interrupted tells what all are of.
    let begun = try shards.lazy.compactMap { try $0.knownStates().first }.first
    guard damaged.isEmpty else { return Self.damaged(damaged) { begun?.scan($0) ?? .scan(nil, $0) } }
    guard let begun else { return .missingShards(.scan(nil, shards.map(\.location))) }
    return try begun.missing(begun.sources.indices.map { begun.slice($0) }, among: shards)
  }

  private static func damaged(
    _ found: [(shard: Shard, error: StoreError)], _ work: ([ShardLocation]) -> ShardWork
  ) -> StoreError {
    .damagedShard(found[0].shard.directory.path, found[0].error, work(found.map(\.shard.location)))
  }

  /// Whether a store holds these very segments.
  func areHeld(by store: Manifest) -> Bool {
    func content(_ segment: Manifest.Segment) -> Manifest.Segment {
      var content = segment
      content.file.name = ""
      content.evidence = []
      return content
    }
    return store.goesWith(group.common) && store.segments.map(content) == group.segments.map(content)
  }

  /// Whether the store at `path` has the rows of these shards and more, which updates have taken in.
  ///
  /// - Throws: ``StoreError/storeHasMoreRows(_:)``, ``StoreError/storeHasOtherContent(_:)`` or
  ///   ``StoreError/holdsOtherInputs(_:_:)`` if something would be lost by putting these shards in its place that
  ///   somebody may miss.
  func areSurpassed(by store: Manifest, at path: String) throws(StoreError) -> Bool {
    let shards = group.common
    guard store.covers(shards) else {
      try checkNothingIsLost(of: store, at: path)
      return false
    }
    if store.rows > shards.rows {
      if store.isUpdate(of: shards) { return true }
      throw .storeHasMoreRows(path)
    }
    // Shards of the inputs as they are now come in the place of a store of what they were. Other shards don't, since an
    // update may have taken in the change.
    guard !store.hasSameRows(as: shards), !shards.sources.allSatisfy(\.isUnchanged) else { return false }
    throw .storeHasOtherContent(path)
  }

  /// Whether a state that is not complete is of an update that can go on, and has more rows of the same inputs than
  /// these shards. Updates never wait for a sweep, and can't go on when rows have changed.
  func areExceeded(by unfinished: Manifest) -> Bool {
    unfinished.pending == nil && unfinished.covers(group.common) && unfinished.rows > group.common.rows
      && unfinished.sources.allSatisfy(\.isUnchanged)
  }

  /// - Throws: ``StoreError/holdsOtherInputs(_:_:)`` if a store's state is of rows that these shards have not.
  func checkNothingIsLost(of store: Manifest, at path: String) throws(StoreError) {
    try store.checkLosesNothing(by: group.common, at: path)
  }

  var rows: Int { group.common.rows }

  /// Takes all segments into a store, and checks them. Returns the store's state, which is on disk as one that is being
  /// built.
  func taken(
    into directory: StoreDirectory, after known: [Manifest], threads: Int, _ observer: any RunObserver
  ) throws -> Manifest {
    var manifest = Manifest(names: group.common.names, options: group.common.options)
    manifest.sources = group.common.sources
    manifest.figures.passes = 1
    manifest.nextFile = known.map(\.nextFile).max() ?? 1
    // A directory with segments and no state is no store to other processes.
    if known.isEmpty { try directory.saveBuilding(manifest) }
    let found = group.members.flatMap { shard, scanned in scanned.segments.map { (shard: shard, segment: $0) } }
    manifest.segments = found.map(\.segment)
    for index in found.indices {
      manifest.segments[index].file.name = manifest.newFileName("segment")
    }
    try directory.takeIn(
      zip(found, manifest.segments).map { ($0.segment.file, $0.shard, $1.file.name) }, threads: threads, observer,
      work: { [common = group.common] in common.scan([$0.location]) })
    try directory.saveBuilding(manifest)
    return manifest
  }
}
