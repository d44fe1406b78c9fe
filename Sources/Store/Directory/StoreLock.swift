import Files

/// The right to change a store, which one process has at a time. Ends with the process, however that ends.
package struct StoreLock: ~Copyable {
  private let lock: FileLock

  init(_ lock: consuming FileLock) { self.lock = lock }

  /// - Throws: ``StoreError/locked(_:)`` if another process has it, or gives the store up at this moment;
  ///   ``StoreError/unchangeable(_:_:)`` if nobody may write to it.
  package init(_ directory: StoreDirectory) throws(StoreError) {
    let lock: FileLock?
    do throws(FileError) {
      lock = try FileLock.acquired(directory.lockPath, for: directory.path)
    } catch {
      switch error.code {
      // What is there is not created.
      case .readOnlyFileSystem?, .permissionDenied?, .notPermitted?: throw .unchangeable(directory.path, error.reason)
      default: throw .file(error)
      }
    }
    guard let lock else { throw .locked(directory.path) }
    self.lock = lock
  }

  /// Whether a process has it. If none has, this one takes it for a moment.
  static func isHeld(in directory: StoreDirectory) -> Bool { FileLock.isHeld(directory.lockPath) }
}
