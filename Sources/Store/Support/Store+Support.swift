import Algorithms
import Checksums
import HDF5
import Hierarchy
import LogitsToHierarchy
import Synchronization
import Threads

extension Store {
  /// How support is to be found.
  package struct SupportOptions: Sendable {
    package var replicates: Int
    package var seed: UInt64
    package var blocks: RowBlocks?

    package init(replicates: Int, seed: UInt64 = 0, blocks: RowBlocks? = nil) {
      self.replicates = replicates
      self.seed = seed
      self.blocks = blocks
    }
  }

  /// Rows that belong together, as crops of a photograph do, and are drawn together.
  package struct RowBlocks: Sendable {
    let source: Manifest.Replicates.Blocks
    /// The block of each row, and how rows are numbered.
    let ids: [Int64]
    let numbering: RowNumbering

    /// - Parameters:
    ///   - location: Where they are from, for people.
    ///   - ids: The block of each row of the inputs, or of each that was taken.
    package init(location: String, ids: [Int64], of stored: StoredHierarchy) {
      source = Manifest.Replicates.Blocks(location: location, checksum: ids.withUnsafeBytes { Checksum.of($0) })
      self.ids = ids
      numbering = ids.count == stored.manifest.arrayRows ? .all : .taken
    }

    /// The bytes that a row takes, with the key that is made of it.
    static let rowByteCount = 3 * MemoryLayout<Int64>.stride
  }

  /// Finds how often the nodes of the hierarchy come out again when rows are drawn anew, and keeps it in the store.
  ///
  /// Everything is learnt from the store's sketches; no input is read, unless the store has none. Replicates that the store has already, from the same
  /// seed and blocks, are not made again, so that a run that was stopped goes on. The figures depend on rows, seed, blocks
  /// and sketch width alone.
  ///
  /// - Throws: ``StoreError``, among others ``StoreError/noSketches(_:_:)``; `BuildError.notEnoughMemory`, ``Interrupted``
  package func support(
    _ wanted: SupportOptions, resources: RunResources, observer: any RunObserver
  ) throws -> StoredHierarchy {
    let lock = try StoreLock(directory)
    defer { withExtendedLifetime(lock) {} }
    let stored = try read()
    var run = try SupportRun(directory, stored, wanted, resources, observer)
    let manifest: Manifest
    do {
      manifest = try run.run()
    } catch {
      directory.removeStrayFiles()
      throw Self.telling(error, keepsWork: run.keepsWork)
    }
    directory.removeStrayFiles()
    return try StoredHierarchy(manifest, path: directory.path)
  }
}

extension StoreDirectory {
  /// The trees in a file of replicates, after its checksum was checked.
  ///
  /// - Throws: ``StoreError/damagedSupport(_:reason:)``, ``StoreError/file(_:)``, ``StoreError/cannotRead(_:_:)``
  func trees(_ part: Manifest.Replicates.Part, of manifest: Manifest) throws(StoreError) -> [ReplicateTree] {
    do throws(StoreError) {
      let path = try checked(part.file)
      let found: [ReplicateTree]?
      do throws(HDF5Error) {
        found = try ReplicateFile.read(path, clusters: manifest.clusters)
      } catch {
        throw StoreError(reading: path, error)
      }
      guard let found, found.count == part.count else { throw .damaged(path, reason: "its trees make no sense") }
      return found
    } catch .damaged(let path, let reason) {
      throw .damagedSupport(path, reason: reason)
    }
  }
}

/// A run that makes replicates and reckons support from them.
private struct SupportRun {
  private let directory: StoreDirectory
  private let stored: StoredHierarchy
  private let wanted: Store.SupportOptions
  private let resources: RunResources
  private let observer: any RunObserver
  private var manifest: Manifest
  private var replicates: Manifest.Replicates
  private var hierarchy: ClusterHierarchy { stored.hierarchy }
  /// Whether replicates are on disk that another run can use.
  private(set) var keepsWork = false

  init(
    _ directory: StoreDirectory, _ stored: StoredHierarchy, _ wanted: Store.SupportOptions, _ resources: RunResources,
    _ observer: any RunObserver
  ) throws(StoreError) {
    self.directory = directory
    self.wanted = wanted
    self.resources = resources
    self.observer = observer
    self.stored = stored
    manifest = stored.manifest
    guard manifest.options.strategy == .lowest else {
      throw .supportOfOtherStrategy(directory.path, manifest.options.strategy)
    }
    replicates = Manifest.Replicates(seed: wanted.seed, blocks: wanted.blocks?.source)
    if let known = manifest.replicates, known.seed == replicates.seed, known.blocks == replicates.blocks {
      replicates = known
    }
  }

  mutating func run() throws -> Manifest {
    let rows = try SketchedRows(stored, in: directory, resources: resources, observer: observer)
    let sound = try directory.sound(replicates.parts.map(\.file), threads: resources.threads, observer)
    replicates.parts = Array(replicates.parts.prefix { sound.contains($0.file.name) })
    let sketches = rows.segments.map(\.sketches)
    let room = try Bootstrap.memory(
      of: resources, clusters: manifest.clusters, others: (wanted.blocks?.ids.count ?? 0) * Store.RowBlocks.rowByteCount
    )
    let most = Bootstrap.mostReplicates(
      clusters: manifest.clusters, rows: manifest.rows, workers: resources.threads, memory: room)
    let keys = try keys(of: rows)
    let missing = max(0, wanted.replicates - replicates.count)
    observer.willStart(.resample(replicates: missing, merges: missing * hierarchy.merges.count))
    let progress = BootstrapProgress(observer)
    while replicates.count < wanted.replicates {
      let next = replicates.count..<min(wanted.replicates, replicates.count + most)
      let bootstrap = try Bootstrap(
        sketches, clusters: manifest.clusters, options: rows.manifest.options, keys: keys,
        weights: PoissonWeights(seed: wanted.seed, replicates: next), workers: resources.threads, memory: room,
        observer: progress)
      replicates.indivisibleClusters = bootstrap.indivisibleClusters
      try add(bootstrap.trees(), last: next.upperBound == wanted.replicates)
    }
    var supported = hierarchy
    supported.support = try support(marginErrors: marginErrors(sketches))
    manifest.hierarchy = supported
    manifest.replicates = replicates
    try directory.replaceManifest(manifest)
    return manifest
  }

  /// Keeps trees on disk. The store lists them at once, so that no other run makes them again.
  private mutating func add(_ trees: [ReplicateTree], last: Bool) throws {
    let clusters = manifest.clusters
    for trees in trees.chunks(ofCount: ReplicateFile.mostTrees(clusters: clusters)) {
      let file = try directory.addFile(manifest.newFileName("support")) { path throws(HDF5Error) in
        try ReplicateFile.write(Array(trees), clusters: clusters, to: path)
      }
      replicates.parts.append(Manifest.Replicates.Part(file: file, count: trees.count))
    }
    guard !last else { return }
    // The hierarchy's support, if it has any, is of the replicates that its file says; these are on the way to more.
    manifest.replicates = replicates
    try directory.replaceManifest(manifest)
    keepsWork = true
  }

  /// The merges' margin errors, which depend on no drawing: those of support that is there already hold.
  private func marginErrors(_ sketches: [SketchFileReader]) throws -> [Double?] {
    if let known = hierarchy.support { return known.marginErrors }
    return try MarginErrors(
      sketches, clusters: manifest.clusters, meaning: manifest.options.meaning, workers: resources.threads,
      shouldStop: { [observer] in observer.shouldStop }
    ).errors(hierarchy.merges, counts: hierarchy.clusters.map(\.samples))
  }

  /// Reads the trees part by part, so that any number of them fits.
  private func support(marginErrors: [Double?]) throws -> BranchSupport {
    let measure = TransferDistances(of: hierarchy)
    var distances = measure.most.map { (sum: 0, recurrences: 0, most: $0) }
    var (read, estimated, kept) = (0, 0, 0)
    for part in replicates.parts where read < wanted.replicates {
      let trees = try Array(directory.trees(part, of: manifest).prefix(wanted.replicates - read))
      try add(trees, measure, to: &distances)
      read += trees.count
      estimated += trees.reduce(0) { $0 + $1.estimated }
      kept += trees.reduce(0) { $0 + $1.kept }
    }
    return BranchSupport(
      replicates: read, seed: wanted.seed, blocks: wanted.blocks?.source.location, estimatedMerges: estimated,
      keptClusters: kept, indivisibleClusters: replicates.indivisibleClusters ?? 0, distances: distances,
      marginErrors: marginErrors)
  }

  /// Adds, for each merge, its node's distances to some trees.
  private func add(
    _ trees: [ReplicateTree], _ measure: TransferDistances,
    to distances: inout [(sum: Int, recurrences: Int, most: Int)]
  ) throws {
    let total = Mutex(distances)
    try forEachItem(
      trees.count, workers: resources.threads, shouldStop: { [observer] in observer.shouldStop },
      work: { next in
        var found = [(sum: Int, recurrences: Int)](repeating: (0, 0), count: hierarchy.merges.count)
        while let index = next() {
          let distances = measure.distances(to: trees[index].merges.map { (Int($0.lowest), Int($0.partner)) })
          for (merge, distance) in distances.enumerated() {
            found[merge].sum += distance
            found[merge].recurrences += distance == 0 ? 1 : 0
          }
        }
        total.withLock { total in
          for merge in total.indices {
            total[merge].sum += found[merge].sum
            total[merge].recurrences += found[merge].recurrences
          }
        }
      })
    distances = total.withLock { $0 }
  }

  // MARK: Blocks

  private func keys(of rows: SketchedRows) throws -> any RowKeys {
    guard let blocks = wanted.blocks else { return ContentKeys() }
    let counts = rows.segments.map(\.statistics.counts)
    // Of each segment, the blocks of its rows by cluster, and by row within, as its sketches are.
    var found: [[UInt64]] = []
    for (segment, counts) in zip(rows.manifest.segments, counts) {
      var next = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
      var keys = [UInt64](repeating: 0, count: next[counts.count])
      try rows.directory.forEachAssignedRows(of: segment, in: rows.manifest, numbered: blocks.numbering) { rows in
        for (index, cluster) in rows.clusters.enumerated() where cluster >= 0 {
          keys[next[Int(cluster)]] = UInt64(bitPattern: blocks.ids[rows.first + index])
          next[Int(cluster)] += 1
        }
      }
      found.append(keys)
    }
    guard hierarchy.merges.isEmpty || found.joined().contains(where: { $0 != found.joined().first }) else {
      throw StoreError.oneBlock(blocks.source.location)
    }
    return BlockKeys(blocks: found, counts: counts)
  }
}

/// Tells a run's observer how far replicates have come.
private struct BootstrapProgress: BootstrapObserver {
  private let observer: any RunObserver

  init(_ observer: any RunObserver) { self.observer = observer }

  func didMerge(_ count: Int) { observer.didRead(rows: count, bytes: 0) }
  var shouldStop: Bool { observer.shouldStop }
}
