import CHDF5
import Foundation

/// Serializes every call of the C library, which is not safe to call from several threads unless it was built so.
///
/// Recursive, because a handle that goes out of scope in the middle of an operation calls the library too.
private let libraryLock = NSRecursiveLock()

/// Keeps the library from tidying up when the program ends. Files are closed by their handles; one whose disk was full
/// could not be, and the library would try again at the end, and crash.
private let withoutTidyingUp: Void = { _ = H5dont_atexit() }()

/// Runs `body` as the only user of the C library, with its error messages not printed.
///
/// All calls of the library go through here. A thread-safe build keeps its error settings per thread, so it is
/// silenced at each entry and not once.
@discardableResult
func withLibrary<Result: ~Copyable, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  libraryLock.lock()
  defer { libraryLock.unlock() }
  withoutTidyingUp
  _ = chdf5_silence()
  return try body()
}
