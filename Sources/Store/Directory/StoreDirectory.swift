import Checksums
import Files
import FoundationEssentials
import Glibc
import HDF5
import Texts

/// The directory of a store.
///
/// `manifest.json` lists the files that the hierarchy was built from. While a run makes a new state, `building.json` lists
/// what is done so far, and takes the place of the manifest in one step at the end. So at any time there is the old state
/// or the new one, complete, and what an interrupted run had finished is found by the next.
package struct StoreDirectory: Sendable {
  /// What a directory of this form is. The name of the complete state's file tells.
  package enum Kind: String {
    case store = "manifest.json"
    case shard = "shard.json"
  }

  package let path: String
  let kind: Kind

  package init(_ path: String, _ kind: Kind = .store) {
    self.path = path.absolutePath
    self.kind = kind
  }

  var manifestPath: String { file(kind.rawValue) }
  var buildingPath: String { file("building.json") }
  var lockPath: String { file("lock") }

  func file(_ name: String) -> String { path.appendingPathComponent(name) }

  /// Whether there is a store, complete or not, sound or not.
  var isStore: Bool { FileSystem.exists(manifestPath) || FileSystem.exists(buildingPath) }

  /// Whether an incomplete state lists files here that the complete one does not, or rows that came once are spooled for it.
  var hasUnfinishedWork: Bool {
    // One that can't be read is neither used nor removed. Nor is anything removed that the complete state may list.
    guard let building = try? building() else { return false }
    let known = Set(((try? manifest()) ?? nil)?.files.map(\.name) ?? [])
    if let spool = building.spool, ((try? FileSystem.byteCount(spool)) ?? 0) > 0 { return true }
    // A shard's state also lists files of the store that it is for.
    return building.files.contains { !known.contains($0.name) && FileSystem.exists(file($0.name)) }
  }

  /// The state that was completed last; nil if none was.
  func manifest() throws(StoreError) -> Manifest? { try read(manifestPath) }

  /// The state that an interrupted run left; nil if none did. It has no hierarchy: if the run was killed just before it
  /// put one in its place, it is found anew.
  func building() throws(StoreError) -> Manifest? {
    var building = try read(buildingPath)
    building?.hierarchy = nil
    return building
  }

  /// Makes sure that a state, if it is there, is one of this program's, which may be written over.
  func checkFormat(_ file: String) throws(StoreError) {
    do throws(StoreError) {
      _ = try read(file)
    } catch {
      // Of a shard there is nothing to lose but what its step does again.
      guard kind == .shard, error.isMendedByRepeating else { throw error }
    }
  }

  private func read(_ file: String) throws(StoreError) -> Manifest? {
    guard FileSystem.exists(file) else { return nil }
    let content: [UInt8]
    do throws(FileError) {
      content = try OpenFile.content(ofRegular: file)
    } catch {
      // A run that has just ended may have removed it.
      guard FileSystem.exists(file) else { return nil }
      throw StoreError(opening: file, error)
    }
    let manifest = try Manifest(decoding: Data(content), store: path, file: file)
    // What was learnt of a share of the rows must not be taken for what was learnt of all: unfinished states of both have
    // the same name and form.
    switch (kind, manifest.share) {
    case (.store, .some): throw .isShard(path)
    case (.shard, nil): throw .outputIsNoShard(path)
    default: return manifest
    }
  }

  /// Writes a file that then never changes.
  ///
  /// - Parameter write: Writes the file at a path, and returns what it is meant to hold.
  package func addFile(
    _ name: String, _ write: (String) throws(HDF5Error) -> FileSum
  ) throws(StoreError) -> Manifest.File {
    let replacement = try StoreError.files(Replacement(of: file(name)))
    let sum = try StoreError.writing(file(name)) { () throws(HDF5Error) in try write(replacement.temporary) }
    try replacement.putInPlace(sum)
    return Manifest.File(name, sum)
  }

  /// Puts a state that is not complete on disk.
  func saveBuilding(_ manifest: Manifest) throws(StoreError) { try save(manifest, to: buildingPath) }

  /// Puts a complete state on disk, in place of the one before, and of the one that was being built.
  func complete(_ manifest: Manifest) throws(StoreError) {
    try save(manifest, to: buildingPath)
    // Both are replaced in one step, so that whenever a run is killed there is no state that is left over.
    try StoreError.files(FileSystem.rename(buildingPath, to: manifestPath))
    try StoreError.files(FileSystem.syncDirectory(path))
    removeFiles(unlistedIn: [manifest])
  }

  /// Puts a complete state on disk that has more to tell than the one before, of the same rows. A state that is being built
  /// stays.
  func replaceManifest(_ manifest: Manifest) throws(StoreError) { try save(manifest, to: manifestPath) }

  /// Removes what a run has left that was killed as soon as its state was complete. Where another process is at work, or
  /// nothing may be written, all stays as it is.
  func tidy() {
    let found = (try? FileSystem.names(in: path)) ?? []
    guard FileSystem.exists(buildingPath) || !found.allSatisfy({ !Self.isTemporaryName($0) }),
      let lock = try? StoreLock(self)
    else { return }
    if hasUnfinishedWork { removeStrayFiles() } else { discardBuilding() }
    withExtendedLifetime(lock) {}
  }

  private func save(_ manifest: Manifest, to file: String) throws(StoreError) {
    let data: Data
    do { data = try manifest.encoded() } catch { throw .notEncodable(file, reason: "\(error)") }
    try StoreError.files(Replacement.write(Array(data), to: file))
  }

  /// Takes in a file of another directory, which never changes. It is linked to where that can be, which takes no
  /// space, and else copied. Its content is checked.
  ///
  /// Both directories then have the same file. Neither ever writes to it: new files come by another name or in its
  /// place. A link is lasting once the directory is synced. The caller does that, since it would cost too much for each
  /// file.
  ///
  /// - Throws: ``StoreError/damaged(_:reason:)`` if it is not what it was when it was written.
  func takeIn(_ record: Manifest.File, from other: StoreDirectory, as name: String) throws(StoreError) {
    let source = other.file(record.name)
    // No state lists the name yet, but a killed run may have left it.
    FileSystem.remove(file(name))
    if FileSystem.link(source, as: file(name)) {
      do throws(StoreError) { _ = try other.checked(record) } catch {
        FileSystem.remove(file(name))
        throw error
      }
      return
    }
    let original = try other.opened(record)
    let replacement = try StoreError.files(Replacement(of: file(name)))
    let sum = try StoreError.files(original.copied(to: replacement.temporary, named: replacement.path))
    try other.compare(sum, with: record)
    try replacement.putInPlace(sum)
  }

  /// Gives up what is not complete. A store that never was complete is gone afterwards.
  ///
  /// Files that are not the store's own, or that can't be read, stay.
  func discardBuilding() {
    // What is in one that can't be read is not known.
    guard (try? building()) != nil || !FileSystem.exists(buildingPath) else { return }
    FileSystem.remove(buildingPath)
    removeStrayFiles()
    guard !FileSystem.exists(manifestPath) else { return }
    FileSystem.remove(lockPath)
    // Only succeeds if nothing else is in it.
    FileSystem.removeEmptyDirectory(path)
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
    removeFiles(unlistedIn: states)
  }

  /// Removes files of the store's that none of its states lists.
  private func removeFiles(unlistedIn states: [Manifest]) {
    let listed = Set(states.flatMap { $0.files.map(\.name) })
    // A directory that can't be listed keeps them until the next run.
    let found = (try? FileSystem.names(in: path)) ?? []
    for name in found where !listed.contains(name) && Self.isOwnName(name) { FileSystem.remove(file(name)) }
  }

  /// Removes what killed runs have left half written. Only a writer may call this.
  func removeTemporaryFiles() {
    for name in (try? FileSystem.names(in: path)) ?? [] where Self.isTemporaryName(name) {
      FileSystem.remove(file(name))
    }
  }

  /// Whether a name is one that files of stores, or temporary ones, are given.
  static func isOwnName(_ name: String) -> Bool {
    name.hasPrefix("segment-") || name.hasPrefix("evidence-") || name.hasPrefix("support-")
      || name.hasPrefix("taxonomy-") || isTemporaryName(name)
  }

  static func isTemporaryName(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".tmp") }
}
