import CHDF5

/// Serializes every call of the C library, which is not safe to call from several threads unless it was built so.
///
/// Recursive, because a handle that goes out of scope in the middle of an operation calls the library too.
private let libraryLock = RecursiveLock()

/// Settings of the library that come before all else.
private let settings: Void = {
  // Files are closed by their handles; one whose disk was full could not be, and when the program ends the library would
  // try again, and crash.
  _ = H5dont_atexit()
  // It keeps half a megabyte for each open file. Kept for the next one, and not given back to the system, opening a file
  // takes a quarter of the time; stores and virtual datasets are of hundreds. All other limits are the usual ones.
  _ = H5set_free_list_limits(2 << 20, 1 << 20, 4 << 20, 256 << 10, 16 << 20, 1 << 20)
}()

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
  settings
  _ = chdf5_silence()
  return try body()
}
