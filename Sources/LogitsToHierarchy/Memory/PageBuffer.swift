import Glibc

/// Memory straight from the system, and straight back to it: for buffers of megabytes that come and go, which an
/// allocator would keep and cut up, so that peak memory grew with the number of segments.
final class PageBuffer: Sendable {
  // What the pages hold is for its users to share safely.
  nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

  /// So many bytes, all zero.
  init(byteCount: Int) {
    let length = max(1, byteCount)
    let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else { fatalError("out of memory: no \(length) bytes to be had") }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  deinit { munmap(bytes.baseAddress, max(1, bytes.count)) }
}
