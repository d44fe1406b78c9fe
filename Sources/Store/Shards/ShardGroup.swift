import LogitStream
import LogitsToHierarchy
import Texts

/// Complete shards of one data set, scanned with the same options: those that may be combined.
struct ShardGroup {
  /// A shard, and the state that it was completed in.
  typealias Member = (shard: Shard, manifest: Manifest)

  private(set) var members: [Member] = []
  /// One of the states, for what all have in common.
  private(set) var common: Manifest

  private init(_ member: Member) {
    common = member.manifest
    add(member)
  }

  private mutating func add(_ member: Member) {
    // A shard that was made after an input had grown names its rows. The others allow for more to come.
    if common.choosesRows, !member.manifest.choosesRows { common.sources = member.manifest.sources }
    var member = member
    // Kept once, since shards and clusters may be many.
    member.manifest.names = common.names
    member.manifest.sources = common.sources
    members.append(member)
  }

  /// All groups among some shards, in their order.
  static func all(_ members: [Member]) -> [ShardGroup] {
    var groups: [ShardGroup] = []
    for member in members {
      let position = groups.firstIndex { member.manifest.goesWith($0.common) }
      if let position { groups[position].add(member) } else { groups.append(ShardGroup(member)) }
    }
    return groups
  }

  /// The group to combine: the only one that has all rows of the inputs as they are. What inputs were before is taken
  /// only if no group is of what they are now.
  ///
  /// - Throws: ``StoreError/otherShards(_:difference:)``, which names the shards that are of inputs as they were, if
  ///   they can be told.
  static func chosen(among groups: [ShardGroup]) throws(StoreError) -> ShardGroup {
    guard groups.count > 1 else { return groups[0] }
    let present = groups.filter { $0.common.sources.allSatisfy(\.isPresent) }
    let complete = (present.isEmpty ? groups : present).filter(\.isComplete)
    if complete.count == 1 { return complete[0] }
    if present.count == 1 {
      let stale = groups.filter { group in !group.common.sources.allSatisfy(\.isPresent) }.flatMap(\.members)
      throw different(stale.map(\.shard), groups[0].isSame(as: present[0]) ? groups[1] : groups[0], than: present[0])
    }
    throw different([groups[1].members[0].shard], groups[1], than: groups[0])
  }

  private static func different(_ shards: [Shard], _ group: ShardGroup, than other: ShardGroup) -> StoreError {
    let difference = group.common.difference(from: other.common, called: other.members[0].shard.directory.path) ?? ""
    return .otherShards(shards.map(\.directory.path), difference: difference)
  }

  func isSame(as other: ShardGroup) -> Bool {
    members[0].shard.directory.path.hasSameBytes(as: other.members[0].shard.directory.path)
  }

  /// The segments of all shards, in order.
  var segments: [Manifest.Segment] { members.flatMap(\.manifest.segments) }

  /// The state of all shards together.
  private var all: Manifest {
    var all = Manifest(names: common.names, options: common.options)
    all.sources = common.sources
    all.segments = segments
    return all
  }

  /// Whether every row is there exactly once.
  var isComplete: Bool { all.inconsistency == nil && all.missingRows.isEmpty }

  /// The rows that no shard has.
  ///
  /// - Throws: ``StoreError/repeatedRows(_:inconsistency:)`` if some are there twice.
  func missingRows() throws(StoreError) -> [RowSlice] {
    var all = all
    guard all.inconsistency != nil else { return all.missingRows }
    all.segments = []
    for (shard, manifest) in members {
      all.segments += manifest.segments
      guard let inconsistency = all.inconsistency else { continue }
      throw .repeatedRows(shard.directory.path, inconsistency: inconsistency)
    }
    return all.missingRows
  }
}

extension Manifest {
  fileprivate var choosesRows: Bool { sources.contains { $0.input.selection != nil } }
}
