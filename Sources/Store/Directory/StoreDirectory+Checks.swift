import Files
import LogitsToHierarchy
import Synchronization
import Threads

extension StoreDirectory {
  /// The path of a file, after it was read once and found to be what was written.
  ///
  /// - Throws: ``StoreError/damaged(_:reason:)``, ``StoreError/file(_:)``
  func checked(_ record: Manifest.File) throws(StoreError) -> String {
    let path = file(record.name)
    guard FileSystem.exists(path) else { throw .damaged(path, reason: "it is not there") }
    let (byteCount, checksum) = try StoreError.files(Checksum.ofFile(path))
    try compare(byteCount, checksum, with: record)
    return path
  }

  /// Makes sure that a file which was read from the path of `record` is what was written.
  func compare(_ byteCount: Int, _ checksum: UInt32, with record: Manifest.File) throws(StoreError) {
    let path = file(record.name)
    guard byteCount == record.byteCount else {
      throw .damaged(path, reason: "it has \(byteCount) bytes instead of \(record.byteCount)")
    }
    guard checksum == record.checksum else { throw .damaged(path, reason: "its checksum is another") }
  }

  /// Makes sure that files are what was written. Several threads do so at once, since files may be hundreds of
  /// gigabytes.
  ///
  /// - Throws: ``StoreError/damaged(_:reason:)``, ``StoreError/file(_:)``, ``Interrupted``
  func check(_ records: [Manifest.File], threads: Int, _ observer: any RunObserver) throws {
    try forEachItem(
      records.count, workers: threads, shouldStop: { observer.shouldStop },
      work: { next in while let index = next() { _ = try checked(records[index]) } })
  }

  /// The names of those files that are what was written, found by several threads at once.
  ///
  /// - Throws: ``StoreError/file(_:)``, ``Interrupted``
  func sound(_ records: [Manifest.File], threads: Int, _ observer: any RunObserver) throws -> Set<String> {
    let found = SoundFiles()
    try forEachItem(
      records.count, workers: threads, shouldStop: { observer.shouldStop },
      work: { next in
        while let index = next() {
          if try isSound(records[index]) { found.add(records[index].name) }
        }
      })
    return found.names
  }

  private func isSound(_ record: Manifest.File) throws(StoreError) -> Bool {
    do throws(StoreError) {
      _ = try checked(record)
      return true
    } catch {
      guard case .damaged = error else { throw error }
      return false
    }
  }
}

private final class SoundFiles: Sendable {
  private let found = Mutex<Set<String>>([])
  var names: Set<String> { found.withLock { $0 } }
  func add(_ name: String) { found.withLock { _ = $0.insert(name) } }
}
