import CHDF5
import Checksums
import Glibc
import SystemPackage
import Texts

/// Where the bytes of a new file go: the file itself, with the checksum of what was meant to be written to it, and the
/// first failure.
///
/// After a failure nothing more is written. The library does not hear of it (CHDF5/Recorder.h).
final class NewFileStorage: Sendable {
  private struct State {
    var descriptor: FileDescriptor?
    var sum = UnorderedSum()
    var byteCount = 0
    var failure: Errno?
  }

  // The library calls from one thread at a time: whoever is inside `withLibrary`.
  private nonisolated(unsafe) var state: State

  /// The code of the first system call that failed.
  var failure: Errno? { state.failure }

  /// Creates a file, or empties the one that is there.
  init(creating path: String) throws(Errno) {
    state = State()
    do {
      state.descriptor = try FileDescriptor.open(
        path.withSystemCharacters { FilePath(platformString: $0) }, .readWrite,
        options: [.create, .truncate, .closeOnExec], permissions: FilePermissions(rawValue: 0o666))
    } catch {
      throw error as? Errno ?? .ioError
    }
  }

  // What was not closed counts for nothing.
  deinit { try? state.descriptor?.close() }

  /// Waits until all is on disk, and closes the file. Returns what it is meant to hold.
  func close() throws(Errno) -> FileSum {
    attempt { descriptor in
      // Not all that can be written to can be waited for.
      while fsync(descriptor.rawValue) != 0, errno != EINVAL {
        guard errno == EINTR else { throw Errno(rawValue: errno) }
      }
      state.descriptor = nil
      // After an interruption it is closed, and must not be closed again.
      guard Glibc.close(descriptor.rawValue) == 0 || errno == EINTR else { throw Errno(rawValue: errno) }
    }
    if let failure = state.failure { throw failure }
    return state.sum.sum(byteCount: state.byteCount)
  }

  private func attempt(_ calls: (FileDescriptor) throws -> Void) {
    guard state.failure == nil, let descriptor = state.descriptor else { return }
    do { try calls(descriptor) } catch { state.failure = error as? Errno ?? .ioError }
  }

  fileprivate func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    attempt { descriptor in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = try descriptor.read(
          fromAbsoluteOffset: Int64(offset + rest.startIndex), into: UnsafeMutableRawBufferPointer(rebasing: rest))
        // Beyond the end there are zeros, as with the library's own drivers.
        guard count > 0 else {
          for index in rest.indices { rest[index] = 0 }
          return
        }
        rest = rest.dropFirst(count)
      }
    }
    return state.failure == nil
  }

  fileprivate func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    forget(offset..<offset + bytes.count)
    attempt { try $0.writeAll(toAbsoluteOffset: Int64(offset), bytes) }
    state.sum.add(bytes, at: offset)
    state.byteCount = max(state.byteCount, offset + bytes.count)
  }

  fileprivate func resize(to byteCount: Int) {
    if byteCount < state.byteCount { forget(byteCount..<state.byteCount) }
    attempt { try $0.resize(to: Int64(byteCount), retryOnInterrupt: true) }
    state.byteCount = byteCount
  }

  /// Takes what was written in a range out of the sum. If something else is there than was written, the sum is not that
  /// of the file any more, and the file will not count.
  private func forget(_ range: Range<Int>) {
    for written in state.sum.written(in: range) {
      for start in stride(from: written.lowerBound, to: written.upperBound, by: Self.partByteCount) {
        let count = min(Self.partByteCount, written.upperBound - start)
        withUnsafeTemporaryAllocation(byteCount: count, alignment: 8) { buffer in
          guard read(buffer, at: start) else { return }
          state.sum.remove(UnsafeRawBufferPointer(buffer), at: start)
        }
      }
    }
  }

  private static var partByteCount: Int { 1 << 16 }
}

extension NewFileStorage {
  private static let driver = HDF5.withLibrary { chdf5_register_recorder() }

  /// Creates an HDF5 file in the storage, which the library keeps until the file is closed. To be called inside
  /// ``withLibrary(_:)``.
  func createFile(named path: String) -> hid_t {
    var storage = chdf5_storage(
      context: Unmanaged.passUnretained(self).toOpaque(),
      retain: { context in _ = NewFileStorage.reference(context)?.retain() },
      release: { context in NewFileStorage.reference(context)?.release() },
      read: { context, offset, buffer, size in
        let buffer = UnsafeMutableRawBufferPointer(start: buffer, count: size)
        return NewFileStorage.of(context)?.read(buffer, at: Int(offset)) == true ? 0 : -1
      },
      write: { context, offset, bytes, size in
        NewFileStorage.of(context)?.write(UnsafeRawBufferPointer(start: bytes, count: size), at: Int(offset))
      },
      resize: { context, size in NewFileStorage.of(context)?.resize(to: Int(size)) })
    return chdf5_create_with_recorder(path, Self.driver, &storage)
  }

  private static func reference(_ context: UnsafeMutableRawPointer?) -> Unmanaged<NewFileStorage>? {
    context.map { Unmanaged.fromOpaque($0) }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> NewFileStorage? {
    reference(context)?.takeUnretainedValue()
  }

  /// What `body` returns, run as the only user of the library, unless writing has failed, now or before.
  @discardableResult
  func withLibrary<Result: ~Copyable>(
    _ subject: Subject, _ operation: String, _ body: () throws(HDF5Error) -> Result
  ) throws(HDF5Error) -> Result {
    let result: Result
    do throws(HDF5Error) {
      result = try HDF5.withLibrary(body)
    } catch {
      throw failure.map { subject.failure(operation, $0) } ?? error
    }
    try check(subject, operation)
    return result
  }

  /// Makes sure that all that was to be written so far was.
  func check(_ subject: Subject, _ operation: String) throws(HDF5Error) {
    if let failure { throw subject.failure(operation, failure) }
  }
}

extension Subject {
  /// The error for a system call of our own that has failed.
  func failure(_ operation: String, _ code: Errno) -> HDF5Error {
    var error = error(operation, "\(code)")
    error.systemError = code
    return error
  }
}
