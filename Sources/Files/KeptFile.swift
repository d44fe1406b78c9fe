import Glibc
import Synchronization

/// A file that is kept open while the value lives: one of no more than half as many as a process may have open, so that
/// any number of files can be read.
package final class KeptFile: Sendable {
  package let file: OpenFile

  private static let kept = Mutex(0)

  /// Opens a file, unless so many are kept open already: then nil.
  package init?(_ path: String) throws(FileError) {
    let isOne = Self.kept.withLock { kept in
      guard kept < Self.most else { return false }
      kept += 1
      return true
    }
    guard isOne else { return nil }
    do throws(FileError) {
      file = try OpenFile(path)
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
