import Glibc

/// A file that is read at any place by any number of threads at once.
final class PlainFile: Sendable {
  let path: String
  /// The bytes there were when the file was opened.
  let byteCount: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: ``LogitStreamError`` if there is none, or if it can't be read.
  init(_ path: String) throws(LogitStreamError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? .noSuchFile(path) : .unreadableFile(path, reason: Self.lastError)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = Self.lastError
      close(descriptor)
      throw .unreadableFile(path, reason: reason)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw .unreadableFile(path, reason: "it is a directory")
    }
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  private static var lastError: String { String(cString: strerror(errno)) }

  /// The first bytes, up to `count`.
  func head(_ count: Int) throws(LogitStreamError) -> [UInt8] { try bytes(0..<min(count, byteCount)) }

  /// The bytes in a range, all of which must be there.
  func bytes(_ range: Range<Int>) throws(LogitStreamError) -> [UInt8] {
    guard range.upperBound <= byteCount else { throw .endsEarly(path, needed: range.upperBound, found: byteCount) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 1)
    defer { buffer.deallocate() }
    try read(at: range.lowerBound, into: buffer)
    return [UInt8](buffer)
  }

  /// Fills a buffer with the bytes from `offset` on.
  ///
  /// - Throws: ``LogitStreamError`` if the file ends before, or can't be read.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError) {
    guard let start = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      let count = pread(descriptor, start + done, buffer.count - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .inputOutput(path, reason: Self.lastError)
      }
      guard count > 0 else { throw .endsEarly(path, needed: offset + buffer.count, found: offset + done) }
      done += count
    }
  }

  /// Says that some bytes will be wanted soon, so that they are fetched while others are worked on.
  func willNeed(_ range: Range<Int>) {
    // A hint: whether it is taken makes no difference to what is read.
    _ = posix_fadvise(descriptor, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_WILLNEED)
  }
}
