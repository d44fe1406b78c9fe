import Files
import FoundationEssentials
import LogitStream
import LogitsToHierarchy
import Texts

extension Store {
  /// What a shard of a scan holds.
  package struct ScannedShard: Sendable {
    package let directory: String
    package let rows: Int
    package let segments: Int
  }

  /// Scans a share of the rows of `source` into a directory of its own in `parent`: the first step of a build that
  /// several processes share. What is there of the same share and undamaged is not done again.
  ///
  /// - Parameter namesFile: Where the names are from, for commands that are printed.
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``
  package static func scan(
    _ share: Share, of source: LogitSource, into parent: String, names: [String], namesFile: String?,
    options: BuildOptions, resources: RunResources, observer: any RunObserver
  ) throws -> ScannedShard {
    precondition(names.count == source.clusters)
    let passes = try SourcePasses(source, options: options, resources: resources, observer: observer)
    let looks = try source.looks()
    try source.checkKind(options.meaning)
    var wanted = Manifest(of: looks, names: names, options: options)
    wanted.share = share.slices(of: source)
    wanted.namesFile = namesFile?.absolutePath
    let shard = Shard(.scan, share, in: parent)
    // What is finished may be where nothing can be written.
    if let finished = try shard.finished(wanted, resources.threads, observer) {
      shard.directory.tidy()
      return ScannedShard(shard, finished)
    }
    let lock = try shard.claim()
    defer { withExtendedLifetime(lock) {} }
    // Another process may have finished it just before.
    if let finished = try shard.finished(wanted, resources.threads, observer) { return ScannedShard(shard, finished) }
    let manifest = try completing(shard.directory) {
      if let difference = try shard.complete()?.difference(from: wanted, called: "this scan") {
        observer.didNotice("\(shard.directory.path) \(difference), and is scanned anew")
      }
      for known in try shard.knownStates() {
        wanted.nextFile = max(wanted.nextFile, known.nextFile)
        guard wanted.segments.isEmpty, known.isScan(like: wanted) else { continue }
        let sound = try shard.directory.sound(known.segments.map(\.file), threads: resources.threads, observer)
        wanted.segments = known.segments.filter { sound.contains($0.file.name) }
      }
      var scanned = try StoreRun(shard.directory, wanted, passes: passes, observer: observer, looks: looks)
        .runScan()
      // In the order in which they would be if none had been damaged.
      scanned.segments.sort { $0.precedes($1) }
      return scanned
    }
    return ScannedShard(shard, manifest)
  }
}

extension Shard {
  /// The state of a scan that is complete, with all files as they were written; nil if there is none such.
  fileprivate func finished(_ wanted: Manifest, _ threads: Int, _ observer: any RunObserver) throws -> Manifest? {
    guard let known = try complete(), known.isScan(like: wanted) else { return nil }
    return try directory.areSound(known.segments.map(\.file), threads: threads, observer) ? known : nil
  }
}

extension Manifest.Segment {
  /// Whether its rows come before another's.
  fileprivate func precedes(_ other: Self) -> Bool {
    guard let first = slices.first, let second = other.slices.first else { return slices.isEmpty }
    return (first.input, first.rows.lowerBound) < (second.input, second.rows.lowerBound)
  }
}

extension Store.ScannedShard {
  fileprivate init(_ shard: Shard, _ manifest: Manifest) {
    directory = shard.directory.path
    rows = manifest.share?.reduce(0) { $0 + $1.rows.count } ?? manifest.rows
    segments = manifest.segments.count
  }
}

extension Manifest {
  /// Whether both are of the same share of the same data set, with options that give the same segments, names and tree.
  fileprivate func isScan(like other: Manifest) -> Bool {
    share == other.share && goesWith(other)
  }
}
