import Foundation

/// A directory with a hierarchy in it, `NAME.logitree` by custom.
///
/// A new store is made beside its place under a temporary name, and an old one's manifest is replaced by renaming, so
/// that at any time there is the old state or the new one, complete.
public enum Store {
  static let manifestName = "manifest.json"
  static let formatName = "logitree"
  static let formatVersion = 1

  /// The one file of a store.
  private struct Manifest: Codable {
    var format: String
    var version: Int
    var content: StoredHierarchy
  }

  /// What a manifest of any version begins with.
  private struct Heading: Codable {
    var format: String
    var version: Int
  }

  /// Reads the store at `path`.
  public static func read(_ path: String) throws(StoreError) -> StoredHierarchy {
    guard FileOperations.exists(path) else { throw .noSuchStore(path) }
    guard isStore(path) else { throw .notAStore(path) }
    let file = manifestPath(path)
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw .cannotRead(file, reason: error.localizedDescription)
    }
    let decoder = JSONDecoder()
    guard let heading = try? decoder.decode(Heading.self, from: data) else {
      throw .damaged(file, reason: "it is no manifest")
    }
    guard heading.format == formatName else { throw .notAStore(path) }
    guard heading.version <= formatVersion else {
      throw .newerFormat(path, found: heading.version, known: formatVersion)
    }
    do {
      return try decoder.decode(Manifest.self, from: data).content
    } catch {
      throw .damaged(file, reason: "\(error)")
    }
  }

  /// Whether `path` is a store, sound or not.
  static func isStore(_ path: String) -> Bool { FileManager.default.fileExists(atPath: manifestPath(path)) }

  fileprivate static func manifestPath(_ store: String) -> String {
    (store as NSString).appendingPathComponent(manifestName)
  }

  fileprivate static func encode(_ content: StoredHierarchy) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(Manifest(format: formatName, version: formatVersion, content: content))
  }
}

/// A store that is being written. It appears, or changes, when it is committed; until then, and if it never is, there
/// is no trace.
public struct StoreWriter: ~Copyable {
  private let path: String
  /// The directory that becomes the store; nil where there is a store already.
  private let temporary: String?

  /// Prepares a store at `path`, so that what stands in its way shows before the work is done.
  ///
  /// - Throws: ``StoreError`` if something else is there, or nothing can be created.
  public init(_ path: String) throws(StoreError) {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    self.path = url.path
    if FileOperations.exists(url.path) {
      guard Store.isStore(url.path) else { throw .outputIsNoStore(path) }
      guard access(url.path, W_OK) == 0 else { throw .cannotCreate(path, reason: FileOperations.lastError) }
      temporary = nil
    } else {
      let directory = url.deletingLastPathComponent()
      // A process id alone comes again, in containers soon, and a killed run leaves its directory.
      let suffix = "\(getpid()).\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
      let temporary = directory.appendingPathComponent(".\(url.lastPathComponent).\(suffix)").path
      guard mkdir(temporary, 0o777) == 0 else { throw .cannotCreate(path, reason: FileOperations.lastError) }
      self.temporary = temporary
    }
  }

  /// Writes the store in full and puts it in its place, where it replaces an earlier one's content.
  public consuming func commit(_ content: StoredHierarchy) throws(StoreError) {
    let data: Data
    do { data = try Store.encode(content) } catch { throw .cannotWrite(path, reason: "\(error)") }
    try FileOperations.replace(Store.manifestPath(temporary ?? path), with: data)
    guard let temporary else { return }
    guard rename(temporary, path) == 0 else { throw .cannotCreate(path, reason: FileOperations.lastError) }
    FileOperations.syncDirectory((path as NSString).deletingLastPathComponent)
  }

  /// Removes what was prepared; after a commit there is nothing left to remove.
  deinit {
    if let temporary { FileOperations.removeDirectory(temporary) }
  }
}
