import LogitStream
import LogitsToHierarchy

/// Shards of a sweep that have all the evidence a store's merge loop waits for.
struct SweptShards {
  private let members: [(shard: Shard, manifest: Manifest)]
  /// The store, as it is named.
  private let path: String

  /// nil if none is of the state that the store is in. There may be some of an earlier sweep.
  ///
  /// - Throws: ``StoreError/missingShards(_:)`` if some are and others are not.
  init?(_ shards: [Shard], of store: Manifest, path: String) throws(StoreError) {
    var members: [(shard: Shard, manifest: Manifest)] = []
    for shard in shards {
      // One that is damaged is made anew by the step that made it, as if it were not there.
      guard var manifest = try shard.complete(), manifest.isSweep(of: store) else { continue }
      // Kept once, since shards, clusters and groups may be many.
      manifest.names = store.names
      manifest.sources = store.sources
      manifest.pending = store.pending
      members.append((shard, manifest))
    }
    guard let first = members.first?.shard else { return nil }
    let swept = Set(members.flatMap { $0.manifest.segments.map(\.file.name) })
    guard store.lackingSegments.allSatisfy({ swept.contains(store.segments[$0].file.name) }) else {
      let there = Set(members.map(\.shard.share))
      let missing = Share.all(of: first.share.count).filter { !there.contains($0) }
      throw .missingShards(
        .sweep(store: path, missing.map { ShardLocation(share: $0, parent: first.parent) }))
    }
    self.members = members
    self.path = path
  }

  /// Takes the evidence into the store, and puts the store's state on disk. Returns the names of the files, which are
  /// checked.
  func taken(
    into directory: StoreDirectory, _ store: inout Manifest, threads: Int, _ observer: any RunObserver
  ) throws -> Set<String> {
    var positions: [String: Int] = [:]
    for (index, segment) in store.segments.enumerated() { positions[segment.file.name] = index }
    var done: Set<Int> = []
    var files: [(file: Manifest.File, shard: Shard, name: String)] = []
    for (shard, manifest) in members {
      for segment in manifest.segments {
        // The same sweep may have been shared out several times, into other numbers of shards.
        guard let position = positions[segment.file.name], done.insert(position).inserted else { continue }
        for file in segment.evidence {
          var taken = file
          taken.name = store.newFileName("evidence")
          files.append((file, shard, taken.name))
          store.segments[position].evidence.append(taken)
        }
      }
    }
    try directory.takeIn(
      files, threads: threads, observer,
      work: { [path] in .sweep(store: path, [$0.location]) })
    store.pending = nil
    store.figures.passes += 1
    try directory.saveBuilding(store)
    return Set(files.map(\.name))
  }
}

extension Manifest {
  /// The indices of the segments that evidence is needed from.
  var lackingSegments: [Int] { pending?.lacking.indices.filter { pending?.lacking[$0].isEmpty == false } ?? [] }

  /// Whether this is a shard of a sweep for what a store waits for.
  func isSweep(of store: Manifest) -> Bool {
    let known = Dictionary(store.segments.map { ($0.file.name, $0) }, uniquingKeysWith: { first, _ in first })
    return pending == store.pending && sources == store.sources
      && segments.allSatisfy { known[$0.file.name]?.file == $0.file && known[$0.file.name]?.slices == $0.slices }
  }
}
