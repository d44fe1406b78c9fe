import Files
import LogitsToHierarchy
import Texts
import Threads

extension StoreDirectory {
  /// Takes in files of shards, each under a new name. Several threads do so at once: files of a billion rows are
  /// hundreds of gigabytes, and all of that is read.
  ///
  /// - Parameter work: What makes a shard anew.
  /// - Throws: ``StoreError/damagedShard(_:_:_:)`` if one is not what was written;
  ///   ``Interrupted``
  func takeIn(
    _ files: [(file: Manifest.File, shard: Shard, name: String)], threads: Int, _ observer: any RunObserver,
    work: @escaping @Sendable (Shard) -> ShardWork
  ) throws {
    try forEachItem(
      files.count, workers: threads, shouldStop: { observer.shouldStop },
      work: { next in
        while let index = next() {
          let (file, shard, name) = files[index]
          do throws(StoreError) {
            try takeIn(file, from: shard.directory, as: name)
          } catch {
            guard case .damaged(let path, let reason) = error else { throw error }
            throw StoreError.damagedShard(
              shard.directory.path,
              .damaged(path, reason: "\(path.lastPathComponent): \(reason)"), work(shard))
          }
        }
      })
    try StoreError.files(FileSystem.syncDirectory(path))
  }
}
