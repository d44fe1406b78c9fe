import Foundation
import LogitStream
import LogitsToHierarchy

extension Store {
  /// What a shard of a scan holds.
  public struct ScannedShard: Sendable {
    public let directory: String
    public let rows: Int
    public let segments: Int
  }

  /// Scans a share of the rows of `source` into a directory of its own in `parent`: the first step of a build that several
  /// processes share. What is there of the same share already is not done again.
  ///
  /// - Parameter namesFile: Where the names are from, for commands that are printed.
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``
  public static func scan(
    _ share: Share, of source: LogitSource, into parent: String, names: [String], namesFile: String?,
    options: BuildOptions, observer: any RunObserver
  ) throws -> ScannedShard {
    precondition(names.count == source.clusters)
    let passes = try SourcePasses(source, options: options, observer: observer)
    var wanted = try Manifest(of: source, names: names, options: options)
    wanted.share = share.slices(of: source)
    wanted.namesFile = namesFile.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    try FileOperations.createDirectory(parent)
    let shard = Shard(.scan, share, in: parent)
    try claim(shard.directory, named: shard.directory.path)
    let lock = try StoreLock(shard.directory)
    defer { withExtendedLifetime(lock) {} }
    if let known = try shard.directory.manifest(), known.isScan(like: wanted) {
      return ScannedShard(shard, known)
    }
    let manifest = try completing(shard.directory) {
      for known in [try shard.directory.building(), try shard.directory.manifest()].compactMap({ $0 }) {
        wanted.nextFile = max(wanted.nextFile, known.nextFile)
        if wanted.segments.isEmpty, known.isScan(like: wanted) { wanted.segments = known.segments }
      }
      return try StoreRun(shard.directory, wanted, passes: passes, observer: observer).runScan()
    }
    return ScannedShard(shard, manifest)
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
    sources == other.sources && options == other.options && share == other.share && names == other.names
  }
}
