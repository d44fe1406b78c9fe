import Checksums
import Files
import LogitsToHierarchy
import Synchronization
import Threads

extension StoreDirectory {
  /// The path of a file, after it was read once and found to be what was written.
  ///
  /// - Throws: ``StoreError/damaged(_:reason:)``, ``StoreError/file(_:)``
  func checked(_ record: Manifest.File) throws(StoreError) -> String {
    let file = try opened(record)
    try compare(StoreError.files(file.sum()), with: record)
    return file.path
  }

  /// A file, open, which has the size it should have: what is no regular file, or is a longer one, is not read.
  func opened(_ record: Manifest.File) throws(StoreError) -> OpenFile {
    let path = file(record.name)
    do throws(StoreError) {
      let file = try StoreError.files(OpenFile(regular: path))
      try compare(byteCount: Int(StoreError.files(file.status()).size), with: record)
      return file
    } catch .file(let error) {
      throw StoreError(opening: path, error)
    }
  }

  /// Makes sure that a file which was read from the path of `record` is what was written.
  func compare(_ sum: FileSum, with record: Manifest.File) throws(StoreError) {
    try compare(byteCount: sum.byteCount, with: record)
    guard sum.checksum == record.checksum else {
      throw .damaged(file(record.name), reason: "its checksum is another")
    }
  }

  private func compare(byteCount: Int, with record: Manifest.File) throws(StoreError) {
    guard byteCount == record.byteCount else {
      throw .damaged(file(record.name), reason: "it has \(byteCount) bytes instead of \(record.byteCount)")
    }
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

  /// Whether all of some files are what was written.
  ///
  /// - Throws: ``StoreError/file(_:)``, ``Interrupted``
  func areSound(_ records: [Manifest.File], threads: Int, _ observer: any RunObserver) throws -> Bool {
    try sound(records, threads: threads, observer).count == Set(records.map(\.name)).count
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
