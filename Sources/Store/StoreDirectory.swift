import Foundation
import HDF5

/// The directory of a store.
///
/// `manifest.json` lists the files that the hierarchy was built from. While a run makes a new state, `building.json` lists
/// what is done so far, and takes the place of the manifest in one step at the end. So at any time there is the old state
/// or the new one, complete, and what an interrupted run had finished is found by the next.
struct StoreDirectory: Sendable {
  let path: String
  private let manifestName: String

  /// - Parameter manifest: The name of the complete state's file, which tells stores from other directories like them.
  init(_ path: String, manifest manifestName: String = "manifest.json") {
    self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    self.manifestName = manifestName
  }

  var manifestPath: String { file(manifestName) }
  var buildingPath: String { file("building.json") }
  var lockPath: String { file("lock") }

  func file(_ name: String) -> String { (path as NSString).appendingPathComponent(name) }

  /// Whether there is a store, complete or not, sound or not.
  var isStore: Bool { FileOperations.exists(manifestPath) || FileOperations.exists(buildingPath) }

  /// Makes the directory, with the lock's file in it from the first moment: an empty directory is somebody else's.
  func create() throws(StoreError) {
    let url = URL(fileURLWithPath: path)
    // Always the same name, so that what a killed run leaves is removed by the next.
    let temporary = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).new").path
    FileOperations.removeDirectory(temporary)
    guard mkdir(temporary, 0o777) == 0 else { throw .cannotCreate(path, reason: FileOperations.lastError) }
    do throws(StoreError) {
      try FileOperations.write(to: StoreDirectory(temporary).lockPath) { _ throws(StoreError) in }
      guard rename(temporary, path) == 0 else { throw StoreError.cannotCreate(path, reason: FileOperations.lastError) }
    } catch {
      FileOperations.removeDirectory(temporary)
      throw error
    }
  }

  /// Whether the directory is as a run leaves it that was killed before it did anything.
  var isUnused: Bool {
    guard let found = try? FileManager.default.contentsOfDirectory(atPath: path) else { return false }
    return found.contains("lock") && found.allSatisfy { $0 == "lock" || Self.isTemporaryName($0) }
  }

  /// Whether an incomplete state lists files that the complete one does not.
  var hasUnfinishedWork: Bool {
    guard let building = try? building() else { return false }
    let known = Set(((try? manifest()) ?? nil)?.files.map(\.name) ?? [])
    return building.files.contains { !known.contains($0.name) }
  }

  /// The state that was completed last; nil if none was.
  func manifest() throws(StoreError) -> Manifest? { try read(manifestPath) }

  /// The state that an interrupted run left; nil if none did.
  func building() throws(StoreError) -> Manifest? { try read(buildingPath) }

  private func read(_ file: String) throws(StoreError) -> Manifest? {
    guard FileOperations.exists(file) else { return nil }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw .cannotRead(file, reason: error.localizedDescription)
    }
    return try Manifest(decoding: data, store: path, file: file)
  }

  /// Writes a file that then never changes.
  func addFile(_ name: String, _ write: (String) throws(HDF5Error) -> Void) throws(StoreError) -> Manifest.File {
    var record = Manifest.File(name: name, byteCount: 0, checksum: 0)
    try FileOperations.replace(file(name)) { temporary throws(StoreError) in
      do throws(HDF5Error) { try write(temporary) } catch { throw .cannotWrite(temporary, reason: error.message) }
      (record.byteCount, record.checksum) = try Checksum.ofFile(temporary)
    }
    return record
  }

  /// The path of a file, after it was read once and found to be what was written.
  func checked(_ record: Manifest.File) throws(StoreError) -> String {
    let path = file(record.name)
    guard FileOperations.exists(path) else { throw .damaged(path, reason: "it is not there") }
    let (byteCount, checksum) = try Checksum.ofFile(path)
    guard byteCount == record.byteCount else {
      throw .damaged(path, reason: "it has \(byteCount) bytes instead of \(record.byteCount)")
    }
    guard checksum == record.checksum else { throw .damaged(path, reason: "its checksum is another") }
    return path
  }

  /// Puts a state that is not complete on disk.
  func saveBuilding(_ manifest: Manifest) throws(StoreError) { try save(manifest, to: buildingPath) }

  /// Puts a complete state on disk, in place of the one before.
  func complete(_ manifest: Manifest) throws(StoreError) {
    try save(manifest, to: manifestPath)
    unlink(buildingPath)
    removeStrayFiles()
  }

  private func save(_ manifest: Manifest, to file: String) throws(StoreError) {
    let data: Data
    do { data = try manifest.encoded() } catch { throw .cannotWrite(file, reason: "\(error)") }
    try FileOperations.replace(file, with: Array(data))
  }

  /// Takes in a file of another directory that never changes, as a link to it where that can be, so that it takes no
  /// more space, else as a copy. Its content is checked.
  ///
  /// Both directories then have the same file, which neither ever writes to: new ones come by another name or in its
  /// place. Links are lasting when the directory is synced, which costs too much for each.
  ///
  /// - Throws: ``StoreError/damaged(_:reason:)`` if it is not what it was when it was written.
  func takeIn(_ record: Manifest.File, from other: StoreDirectory, as name: String) throws(StoreError) -> Manifest.File
  {
    let source = try other.checked(record)
    let taken = Manifest.File(name: name, byteCount: record.byteCount, checksum: record.checksum)
    // No state lists the name yet, but a killed run may have left it.
    unlink(file(name))
    if link(source, file(name)) == 0 { return taken }
    try FileOperations.replace(file(name)) { temporary throws(StoreError) in
      try FileOperations.copy(source, to: temporary)
      guard try Checksum.ofFile(temporary) == (record.byteCount, record.checksum) else {
        throw .cannotWrite(temporary, reason: "the copy is not what was copied")
      }
    }
    return taken
  }

  /// Gives up what is not complete. A store that never was complete is gone afterwards.
  ///
  /// Files that are not the store's own, or that can't be read, stay.
  func discardBuilding() {
    guard (try? building()) != nil || !FileOperations.exists(buildingPath) else { return }
    unlink(buildingPath)
    removeStrayFiles()
    guard !FileOperations.exists(manifestPath) else { return }
    unlink(lockPath)
    // Only succeeds if nothing else is in it.
    rmdir(path)
  }

  /// Removes files of the store's that no state lists, which a killed run may leave. Only a writer may call this.
  func removeStrayFiles() {
    var states: [Manifest] = []
    do {
      if let manifest = try manifest() { states.append(manifest) }
      if let building = try building() { states.append(building) }
    } catch {
      // What a damaged manifest lists is not known, so everything stays.
      return
    }
    let listed = Set(states.flatMap { $0.files.map(\.name) })
    let found = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in found where !listed.contains(name) && Self.isOwnName(name) { unlink(file(name)) }
  }

  /// Whether a name is one that files of stores, or temporary ones, are given.
  private static func isOwnName(_ name: String) -> Bool {
    name.hasPrefix("segment-") || name.hasPrefix("evidence-") || isTemporaryName(name)
  }

  private static func isTemporaryName(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".tmp") }
}

/// The right to change a store, which one process has at a time. Ends with the process, however that ends.
struct StoreLock: ~Copyable {
  private let descriptor: Int32

  /// - Throws: ``StoreError/locked(_:)`` if another process has it.
  init(_ directory: StoreDirectory) throws(StoreError) {
    descriptor = open(directory.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotCreate(directory.path, reason: FileOperations.lastError) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isTaken = errno == EWOULDBLOCK
      let reason = FileOperations.lastError
      close(descriptor)
      throw isTaken ? .locked(directory.path) : .cannotCreate(directory.path, reason: "no lock: \(reason)")
    }
    // A run that gave up may have taken the file away between the two calls.
    guard Self.isFile(descriptor, at: directory.lockPath) else {
      close(descriptor)
      throw .locked(directory.path)
    }
  }

  private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
    var mine = stat()
    var found = stat()
    return fstat(descriptor, &mine) == 0 && stat(path, &found) == 0 && mine.st_dev == found.st_dev
      && mine.st_ino == found.st_ino
  }

  deinit { close(descriptor) }
}
