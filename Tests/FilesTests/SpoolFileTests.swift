import Files
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Files that stand in for bytes that come once")
struct SpoolFileTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func write(_ bytes: [UInt8], at offset: Int, to spool: SpoolFile) throws {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try spool.write(bytes, at: offset) }
    }
    try result.get()
  }

  private func read(_ count: Int, at offset: Int, of spool: SpoolFile) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let result = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(FileError) in try spool.read(at: offset, into: buffer) }
    }
    try result.get()
    return bytes
  }

  @Test("Bytes are read as they were written, in any order, also by a later run; none beyond the end")
  func content() throws {
    let path = directory.path("x.spool")
    do {
      let spool = try SpoolFile(path)
      try write([4, 5, 6], at: 3, to: spool)
      try write([1, 2, 3], at: 0, to: spool)
      #expect(try read(4, at: 1, of: spool) == [2, 3, 4, 5])
    }
    let spool = try SpoolFile(path)
    #expect(try spool.byteCount() == 6)
    #expect(try read(6, at: 0, of: spool) == [1, 2, 3, 4, 5, 6])
    #expect(throws: FileError(.read, path, .endsEarly(needed: 8, found: 6))) { try read(4, at: 4, of: spool) }
    try spool.clear()
    #expect(try spool.byteCount() == 0)
    spool.remove()
    #expect(!FileSystem.exists(path))
  }

  @Test("Two runs don't share one")
  func lock() throws {
    let path = directory.path("x.spool")
    let spool = try SpoolFile(path)
    let error = #expect(throws: FileError.self) { try SpoolFile(path) }
    #expect(error.map { if case .locking = $0.cause { true } else { false } } == true)
    withExtendedLifetime(spool) {}
  }

  @Test("It can be opened again at once, also while a process that was started meanwhile has it open")
  func lockEnds() throws {
    let path = directory.path("x.spool")
    var copy: FileDescriptor?
    do {
      let spool = try SpoolFile(path)
      let numbers = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap(Int32.init)
      let number = numbers.first { number in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) == path
      }
      copy = try FileDescriptor(rawValue: #require(number)).duplicate()
      withExtendedLifetime(spool) {}
    }
    #expect(throws: Never.self) { try SpoolFile(path) }
    try copy?.close()
  }
}
