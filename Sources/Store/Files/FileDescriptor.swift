import Foundation
import Synchronization

/// A file that is open for reading; closed with the value.
struct FileDescriptor: ~Copyable {
  private let path: String
  private let number: Int32

  init(_ path: String) throws(StoreError) {
    self.path = path
    number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw .cannotRead(path, reason: FileOperations.lastError) }
  }

  deinit { close(number) }

  /// Reads so many bytes from `offset` on. Any number of threads may, at once.
  func read(_ byteCount: Int, at offset: Int, into buffer: UnsafeMutableRawPointer) throws(StoreError) {
    var done = 0
    while done < byteCount {
      let count = pread(number, buffer + done, byteCount - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotRead(path, reason: FileOperations.lastError)
      }
      guard count > 0 else { throw .damaged(path, reason: "it ends early") }
      done += count
    }
  }
}

/// A file that is kept open while the value lives: one of no more than half as many as a process may have open, so that
/// any number of segments can be read.
final class KeptDescriptor: Sendable {
  let file: FileDescriptor

  private static let kept = Mutex(0)

  /// Opens a file, unless so many are kept open already: then nil.
  init?(_ path: String) throws(StoreError) {
    let isOne = Self.kept.withLock { kept in
      guard kept < Self.most else { return false }
      kept += 1
      return true
    }
    guard isOne else { return nil }
    do throws(StoreError) {
      file = try FileDescriptor(path)
    } catch {
      Self.kept.withLock { $0 -= 1 }
      throw error
    }
  }

  deinit { Self.kept.withLock { $0 -= 1 } }

  private static let most: Int = {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 128 }
    return Int(clamping: limit.rlim_cur / 2)
  }()
}
