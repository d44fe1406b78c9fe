import HDF5
import LogitStream
import LogitsToHierarchy

extension Store {
  /// What a shard of a sweep holds.
  public struct SweptShard: Sendable {
    /// nil if the store waits for nothing.
    public let directory: String?
    public let groups: Int
    public let rows: Int
  }

  /// Computes exact evidence of the groups that the store waits for, from a share of the rows, into a directory of its own
  /// in `parent`. What is there of the same share already is not done again.
  ///
  /// The share is of segments, as equal in rows as can be. The store is only read, so that any number of processes may do
  /// this at once.
  ///
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``
  public func sweep(
    _ share: Share, into parent: String, memory: Int, threads: Int, observer: any RunObserver
  ) throws -> SweptShard {
    guard let store = try directory.building() ?? directory.manifest() else {
      throw StoreError.unfinished(directory.path)
    }
    guard let pending = store.pending else {
      guard store.hierarchy != nil else { throw StoreError.unfinished(directory.path) }
      return SweptShard(directory: nil, groups: 0, rows: 0)
    }
    let mine = store.lackingSegments(of: share)
    let rows = mine.reduce(0) { $0 + store.segments[$1].rows }
    var wanted = store
    wanted.segments = mine.map { Manifest.Segment(sweeping: store.segments[$0]) }
    wanted.share = wanted.segments.flatMap(\.slices)
    wanted.nextFile = 1
    try FileOperations.createDirectory(parent)
    let shard = Shard(.sweep, share, in: parent)
    try Self.claim(shard.directory, named: shard.directory.path)
    let lock = try StoreLock(shard.directory)
    defer { withExtendedLifetime(lock) {} }
    let result = SweptShard(directory: shard.directory.path, groups: pending.groups.count, rows: rows)
    if let known = try shard.directory.manifest() {
      if known.isSweep(of: store), known.share == wanted.share { return result }
      // It is of a sweep before, whose files stay what they are until this one is complete.
      wanted.nextFile = known.nextFile
    }

    let source = try LogitSource(store.sources.map { try $0.unchanged() })
    let passes = try SourcePasses(
      source, options: store.buildOptions(memory: memory, threads: threads), observer: observer)
    _ = try Self.completing(shard.directory) {
      var manifest = wanted
      if let known = try shard.directory.building() {
        manifest.nextFile = max(manifest.nextFile, known.nextFile)
        if known.isSweep(of: store), known.share == wanted.share { manifest.segments = known.segments }
      }
      try shard.directory.saveBuilding(manifest)
      observer.willStart(.sweep(groups: pending.groups.count, rows: rows))
      for (place, index) in mine.enumerated() where manifest.segments[place].evidence.isEmpty {
        let segment = store.segments[index]
        let reader = try SegmentReader(directory.checked(segment.file), clusters: store.clusters)
        let evidence = try passes.sweep(
          segment, reader, for: pending.lacking[index].map { Group(pending.groups[$0]) }, observer)
        let file = try shard.directory.addFile(manifest.newFileName("evidence")) { path throws(HDF5Error) in
          try EvidenceDatasets.write(evidence, to: path)
        }
        manifest.segments[place].evidence = [file]
        try shard.directory.saveBuilding(manifest)
      }
      return manifest
    }
    return result
  }
}

extension Manifest {
  /// The segments of a share among those that evidence is needed from.
  fileprivate func lackingSegments(of share: Share) -> [Int] {
    let lacking = lackingSegments
    let mine = share.range(of: lacking.reduce(0) { $0 + segments[$1].rows })
    var first = 0
    return lacking.filter { index in
      defer { first += segments[index].rows }
      // It is the share's that its middle row is of.
      return mine.contains(first + segments[index].rows / 2)
    }
  }
}

extension Manifest.Segment {
  /// A segment without evidence yet, from a sweep.
  fileprivate init(sweeping segment: Manifest.Segment) {
    self.init(file: segment.file, slices: segment.slices, skippedRows: segment.skippedRows)
  }
}

extension Manifest.Source {
  /// The input, if it is what it was.
  ///
  /// - Throws: ``LogitStreamError`` if it can't be read, ``StoreError/sourceChanged(_:dataset:)``
  fileprivate func unchanged() throws -> LogitInput {
    guard try input.current().fingerprint(rows: input.rows) == fingerprint else {
      throw StoreError.sourceChanged(input.file, dataset: input.dataset)
    }
    return input
  }
}
