import Files
import FoundationEssentials
import Glibc
import HDF5

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
    self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    self.kind = kind
  }

  var manifestPath: String { file(kind.rawValue) }
  var buildingPath: String { file("building.json") }
  var lockPath: String { file("lock") }

  func file(_ name: String) -> String { path.appendingPathComponent(name) }

  /// Whether there is a store, complete or not, sound or not.
  var isStore: Bool { FileSystem.exists(manifestPath) || FileSystem.exists(buildingPath) }

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
      content = try OpenFile.content(of: file)
    } catch {
      // A run that has just ended may have removed it.
      guard FileSystem.exists(file) else { return nil }
      throw .file(error)
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
  package func addFile(_ name: String, _ write: (String) throws(HDF5Error) -> Void) throws(StoreError) -> Manifest.File
  {
    let replacement = Replacement(of: file(name))
    do throws(HDF5Error) { try write(replacement.temporary) } catch { throw .cannotWrite(file(name), error) }
    let (byteCount, checksum) = try StoreError.files(Checksum.ofFile(replacement.temporary))
    try replacement.putInPlace()
    return Manifest.File(name: name, byteCount: byteCount, checksum: checksum)
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
    unlink(file(name))
    if link(source, file(name)) == 0 {
      do throws(StoreError) { _ = try other.checked(record) } catch {
        unlink(file(name))
        throw error
      }
      return
    }
    guard FileSystem.exists(source) else { throw .damaged(source, reason: "it is not there") }
    let replacement = Replacement(of: file(name))
    let (byteCount, checksum) = try StoreError.files(
      Checksum.ofFile(source, copiedTo: replacement.temporary, named: replacement.path))
    try other.compare(byteCount, checksum, with: record)
    try replacement.putInPlace()
  }

  /// Gives up what is not complete. A store that never was complete is gone afterwards.
  ///
  /// Files that are not the store's own, or that can't be read, stay.
  func discardBuilding() {
    guard (try? building()) != nil || !FileSystem.exists(buildingPath) else { return }
    unlink(buildingPath)
    removeStrayFiles()
    guard !FileSystem.exists(manifestPath) else { return }
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
  static func isOwnName(_ name: String) -> Bool {
    name.hasPrefix("segment-") || name.hasPrefix("evidence-") || isTemporaryName(name)
  }

  static func isTemporaryName(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".tmp") }
}
