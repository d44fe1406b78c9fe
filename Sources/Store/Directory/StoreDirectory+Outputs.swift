import Files
import Texts

extension StoreDirectory {
  /// Makes sure that a file of results, or a new store or shard, has a name, and is not to be in a store or shard, whose own files it might replace.
  ///
  /// - Throws: ``StoreError/outputIsInStore(_:store:)``, ``StoreError/file(_:)``
  static func checkIsOutside(_ output: String) throws(StoreError) {
    guard !output.isEmpty else { throw .file(FileError(.create, "\"\"", .hasNoName)) }
    var directory = OutputFile.target(of: output).deletingLastPathComponent
    while true {
      if isOwn(directory) { throw .outputIsInStore(output, store: directory) }
      guard directory != "/" else { return }
      directory = directory.deletingLastPathComponent
    }
  }

  /// Makes sure that there is a directory for a file of results, and none in its place: before the work, not after it.
  ///
  /// - Throws: ``StoreError/file(_:)``
  static func checkHasPlace(_ output: String) throws(StoreError) {
    let target = OutputFile.target(of: output)
    guard FileSystem.isDirectory(target.deletingLastPathComponent) else {
      throw .file(FileError(.create, target, .system(.noSuchFileOrDirectory)))
    }
    guard !FileSystem.isDirectory(target) else { throw .file(FileError(.create, output, .system(.isDirectory))) }
  }

  /// Makes sure that a file of results is not to take the place of a file that it is made from, or to be in a directory that is an input.
  ///
  /// - Throws: ``StoreError/outputIsInput(_:)``
  static func checkIsNone(of inputs: [String], _ output: String) throws(StoreError) {
    let target = OutputFile.target(of: output)
    let isInput = inputs.contains { input in
      let path = OutputFile.target(of: input)
      return path == target
        || FileSystem.isDirectory(path) && target.hasBytePrefix(path.hasByteSuffix("/") ? path : path + "/")
    }
    guard !isInput else { throw .outputIsInput(output) }
  }

  /// Whether a directory has a state of a store or shard in it, complete or not, sound or not. Other programs have files
  /// of such names too.
  private static func isOwn(_ path: String) -> Bool {
    [Kind.store, .shard].contains { kind in
      let directory = StoreDirectory(path, kind)
      do throws(StoreError) {
        if try directory.manifest() != nil { return true }
        return try directory.building() != nil
      } catch .notAStore {
        return false
      } catch {
        return FileSystem.exists(directory.lockPath)
      }
    }
  }
}
