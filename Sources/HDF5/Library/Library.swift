import CHDF5

/// Serializes every call of the C library, which most builds do not make safe to call from several threads.
///
/// It is recursive, because a handle that goes out of scope in the middle of an operation calls the library too.
private let libraryLock = RecursiveLock()

/// Settings of the library, made before anything else is called.
private let settings: Void = {
  // Handles close their files. A file on a full disk can't be closed; when the program ends, the library would try
  // again and crash.
  _ = H5dont_atexit()
  // The library needs half a megabyte for each open file. Keeping it for the next file, rather than giving it back to
  // the system, makes opening four times as fast; stores and virtual datasets consist of hundreds of files. The other
  // limits are the usual ones.
  _ = H5set_free_list_limits(2 << 20, 1 << 20, 4 << 20, 256 << 10, 16 << 20, 1 << 20)
}()

/// Runs `body` as the only user of the C library. The library prints no error messages.
///
/// All calls of the library go through here. A thread-safe build keeps its error settings per thread, so each entry
/// silences it anew.
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
