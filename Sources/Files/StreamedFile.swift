import Glibc
import SystemPackage

/// A file that is read once, from the first byte to the last: a regular file, a pipe, a terminal.
///
/// There is no end to other devices, and they are refused. A pipe with a name is waited for, but not for long if nobody
/// has it open to write to it.
package struct StreamedFile: ~Copyable {
  package let path: String
  private let descriptor: FileDescriptor

  /// The milliseconds that a writer may take to open a named pipe.
  private static var patience: Int32 { 2000 }

  package init(_ path: String) throws(FileError) {
    // A named pipe is not to be waited for here, where there would be no end of it.
    descriptor = try FileDescriptor.openWithoutWaiting(path) { descriptor, type in
      switch type {
      case .directory: .isDirectory
      case .regular, .fifo: nil
      case .characterSpecial where isatty(descriptor.rawValue) == 1: nil
      default: .isDevice
      }
    }
    self.path = path
  }

  deinit { try? descriptor.close() }

  /// Reads the next bytes, as many as there are for now.
  ///
  /// - Returns: How many; 0 at the end.
  package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    if !hasBegun {
      hasBegun = true
      // No writer so far: the pipe would seem to be at its end. It is not, if there is one after a while.
      try wait(Self.patience)
    }
    while true {
      let count = Glibc.read(descriptor.rawValue, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: try wait(-1)
      default: throw .last(.read, path)
      }
    }
  }

  private var hasBegun = false

  /// Waits until there is something to read, or the last writer has gone. Regular files always have something.
  private func wait(_ milliseconds: Int32) throws(FileError) {
    var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    while poll(&request, 1, milliseconds) < 0 {
      guard errno == EINTR else { throw .last(.read, path) }
    }
  }
}
