import HDF5
import LogitStream
import LogitsToHierarchy

extension Store {
  /// What a shard of a sweep holds.
  package struct SweptShard: Sendable {
    /// nil if the store waits for nothing.
    package let directory: String?
    package let groups: Int
    package let rows: Int
  }

  /// Computes exact evidence of the groups that the store waits for, from a share of the rows, into a directory of its
  /// own in `parent`. What is there of the same share and undamaged is not done again.
  ///
  /// Segments are shared out, so that shares have about equally many rows. The store is only read, so that any number
  /// of processes may do this at once.
  ///
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``
  package func sweep(
    _ share: Share, into parent: String, resources: RunResources, observer: any RunObserver
  ) throws -> SweptShard {
    guard let store = try directory.building() ?? directory.manifest() else {
      throw StoreError.unfinished(directory.path)
    }
    guard let pending = store.pending else {
      guard store.hierarchy != nil else { throw StoreError.unfinished(directory.path) }
      return SweptShard(directory: nil, groups: 0, rows: 0)
    }
    let shard = Shard(.sweep, share, in: parent)
    var wanted = store.sweep(of: share)
    let result = SweptShard(
      directory: shard.directory.path, groups: pending.groups.count, rows: wanted.segments.reduce(0) { $0 + $1.rows })
    // What is finished may be where nothing can be written.
    if try shard.hasFinished(wanted, of: store, resources.threads, observer) {
      shard.directory.tidy()
      return result
    }
    let lock = try shard.claim()
    defer { withExtendedLifetime(lock) {} }
    // Another process may have finished it just before.
    if try shard.hasFinished(wanted, of: store, resources.threads, observer) { return result }
    do {
      let source = try LogitSource(store.sources.map { try $0.unchanged() })
      let passes = try SourcePasses(
        source, options: store.options, resources: resources, observer: observer)
      _ = try Self.completing(shard.directory) {
        let looks = try source.looks()
        for (index, look) in looks.enumerated() {
          wanted.sources[index].fileState = look.ownFile.map(Manifest.KnownFileState.init)
        }
        try shard.adoptEvidence(of: store, &wanted, resources.threads, observer)
        try sweep(&wanted, of: store, pending, into: shard.directory, passes, looks, observer)
        for index in Set(wanted.segments.flatMap(\.slices).map(\.input)) { try looks[index].checkRows() }
        return wanted
      }
    } catch {
      guard let positions = Self.changedPositions(error) else { throw error }
      throw store.rowsChanged(at: positions, sweptInto: parent, store: directory.path)
    }
    return result
  }

  /// Where rows are not what they were when they were scanned, if that is what an error says.
  private static func changedPositions(_ error: any Error) -> [String]? {
    switch error {
    case BuildError.changedBetweenPasses(let positions): positions
    // They were valid.
    case BuildError.invalidLogit(let position, _, _, _, _), BuildError.noFiniteLogit(let position, _, _),
      BuildError.neverWritten(let position, _):
      [position]
    case StoreError.sourceChanged(let file, let dataset): [LogitInput.location(file, dataset)]
    default: nil
    }
  }

  /// Sweeps those segments of a share that have no evidence yet, and lists the evidence in the shard.
  private func sweep(
    _ shard: inout Manifest, of store: Manifest, _ pending: Manifest.Pending, into target: StoreDirectory,
    _ passes: SourcePasses, _ looks: [InputLook], _ observer: any RunObserver
  ) throws {
    try target.saveBuilding(shard)
    observer.willStart(.sweep(groups: pending.groups.count, rows: shard.segments.reduce(0) { $0 + $1.rows }))
    let positions = Dictionary(
      store.segments.enumerated().map { ($1.file.name, $0) }, uniquingKeysWith: { first, _ in first })
    for position in shard.segments.indices where shard.segments[position].evidence.isEmpty {
      guard let index = positions[shard.segments[position].file.name] else { continue }
      let segment = store.segments[index]
      let reader = try SegmentReader(directory.checked(segment.file), clusters: store.clusters)
      let evidence = try passes.sweep(
        segment, reader, for: pending.lacking[index].map { Group(pending.groups[$0]) }, observer)
      for input in Set(segment.slices.map(\.input)) { try looks[input].check() }
      let file = try target.addFile(shard.newFileName("evidence")) { path throws(HDF5Error) in
        try EvidenceDatasets.write(evidence, to: path)
      }
      shard.segments[position].evidence = [file]
      try target.saveBuilding(shard)
    }
  }
}

extension Shard {
  /// Whether the shard has all evidence that the store waits for from its share, and all files are undamaged.
  fileprivate func hasFinished(
    _ wanted: Manifest, of store: Manifest, _ threads: Int, _ observer: any RunObserver
  ) throws -> Bool {
    guard let known = try complete(), known.isSweep(of: store), known.share == wanted.share else { return false }
    return try evidence(in: known, threads, observer).allSatisfy { !$0.isEmpty }
  }

  /// Takes into a state what earlier runs have learnt of the same share. What the shard has of an earlier sweep stays
  /// there until this one is complete.
  fileprivate func adoptEvidence(
    of store: Manifest, _ wanted: inout Manifest, _ threads: Int, _ observer: any RunObserver
  ) throws {
    for known in try knownStates() {
      wanted.nextFile = max(wanted.nextFile, known.nextFile)
      guard known.isSweep(of: store), known.share == wanted.share,
        known.segments.map(\.file) == wanted.segments.map(\.file)
      else { continue }
      for (position, evidence) in try evidence(in: known, threads, observer).enumerated()
      where wanted.segments[position].evidence.isEmpty {
        wanted.segments[position].evidence = evidence
      }
    }
  }

  /// The evidence files of each segment; none if one of them is damaged.
  private func evidence(
    in known: Manifest, _ threads: Int, _ observer: any RunObserver
  ) throws -> [[Manifest.File]] {
    let sound = try directory.sound(known.segments.flatMap(\.evidence), threads: threads, observer)
    return known.segments.map { segment in
      segment.evidence.allSatisfy { sound.contains($0.name) } ? segment.evidence : []
    }
  }
}

extension Manifest {
  /// The state of a shard before anything is swept.
  ///
  /// The segments are the store's, and so are the names of their files. These names tell what evidence is of. The files
  /// themselves are not in the shard; it only has those of `evidence`.
  fileprivate func sweep(of share: Share) -> Manifest {
    var shard = self
    shard.segments = lackingSegments(of: share).map { index in
      var segment = segments[index]
      segment.evidence = []
      return segment
    }
    shard.share = shard.segments.flatMap(\.slices)
    shard.nextFile = 1
    return shard
  }

  /// The segments of a share among those that evidence is needed from.
  private func lackingSegments(of share: Share) -> [Int] {
    let lacking = lackingSegments
    let mine = share.range(of: lacking.reduce(0) { $0 + segments[$1].rows })
    var first = 0
    return lacking.filter { index in
      defer { first += segments[index].rows }
      // It belongs to the share that its middle row is in.
      return mine.contains(first + segments[index].rows / 2)
    }
  }
}

extension Manifest.Source {
  /// The input as it is now, if its rows are what they were: it may be cut into other chunks, and have more rows.
  ///
  /// - Throws: ``LogitStreamError`` if it can't be read, ``StoreError/sourceChanged(_:dataset:)``
  fileprivate func unchanged() throws -> LogitInput {
    let found = try LogitInput(opening: input.specification)
    guard try isHeld(by: found) else { throw StoreError.sourceChanged(input.file, dataset: input.dataset) }
    return found.selecting(input.rowRange)
  }
}
