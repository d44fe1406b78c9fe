import Glibc
import SystemPackage
import Texts

/// Bytes that come once, in order, from a process that makes them: standard input, or a named pipe.
package struct ByteStream: ~Copyable, Sendable {
  /// What errors call it.
  package let name: String
  private let descriptor: Int32

  /// How long to wait for bytes before it is seen whether to stop, in milliseconds.
  private static let patience: Int32 = 200
  /// The bytes that a pipe is asked to hold: with more of them, both ends wait less often for one another.
  private static let pipeByteCount: Int32 = 1 << 20
  /// `F_SETPIPE_SZ`, which is Linux's own.
  private static let setPipeSize: Int32 = 1031

  /// Standard input.
  package init(standardInputNamed name: String) throws(FileError) {
    try self.init(name, fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3))
  }

  /// A named pipe. Its writer is not waited for before the first byte is read.
  package init(opening path: String) throws(FileError) {
    try self.init(path, path.withSystemCharacters { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) })
  }

  private init(_ name: String, _ descriptor: Int32) throws(FileError) {
    guard descriptor >= 0 else { throw .last(.open, name) }
    self.name = name
    self.descriptor = descriptor
    // A wish: the bytes are the same without it, and what is no pipe has no such size.
    _ = fcntl(descriptor, Self.setPipeSize, Self.pipeByteCount)
  }

  // Nothing was written: that it can't be closed makes no difference.
  deinit { close(descriptor) }

  /// Reads bytes until the buffer is full, all bytes have come, or `shouldStop` says so. Not for several threads at once.
  ///
  /// - Parameter haveCome: Told, at most each second, how many bytes have come so far, if there are more of them.
  /// - Returns: The number of bytes.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, shouldStop: () -> Bool, haveCome: (Int) -> Void = { _ in }
  ) throws(FileError) -> Int {
    var rest = buffer[...]
    var told = (count: 0, time: ContinuousClock.now)
    while !rest.isEmpty, !shouldStop() {
      let found = buffer.count - rest.count
      if found > told.count, told.time.duration(to: .now) >= .seconds(1) {
        haveCome(found)
        told = (found, .now)
      }
      guard haveBytes() else { continue }
      let part = UnsafeMutableRawBufferPointer(rebasing: rest)
      let count = Glibc.read(descriptor, part.baseAddress, part.count)
      if count == 0 { break }
      if count < 0 {
        guard errno == EINTR || errno == EAGAIN else { throw .last(.read, name) }
        continue
      }
      rest = rest.dropFirst(count)
    }
    return buffer.count - rest.count
  }

  /// Waits a little for something to read, be it the end. Returns whether there is something.
  private func haveBytes() -> Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Whatever is wrong with the descriptor, reading says so.
    return poll(&wanted, 1, Self.patience) > 0
  }
}
