import Files
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Files that are read")
struct OpenFileTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func read(_ count: Int, at offset: Int, of path: String) throws -> [UInt8] {
    let file = try OpenFile(path)
    var bytes = [UInt8](repeating: 0, count: count)
    let result = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(FileError) in try file.read(at: offset, into: buffer) }
    }
    try result.get()
    return bytes
  }

  @Test("Any part of a file is read, and all of it", arguments: [0, 1, 1 << 20, 3_000_001])
  func parts(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(bytes).write(to: directory.url.appending(path: "x"))
    #expect(try OpenFile.content(of: directory.path("x")) == bytes)
    #expect(
      try read(count / 2, at: count / 3, of: directory.path("x")) == Array(bytes[count / 3..<count / 3 + count / 2]))
  }

  @Test("A file that ends before what is asked for says where")
  func short() throws {
    let path = try directory.write("0123456789", to: "x")
    #expect(throws: FileError(.read, path, .endsEarly(needed: 12, found: 10))) { try read(8, at: 4, of: path) }
  }

  @Test("What the system says is kept as a code, and told in its words")
  func codes() throws {
    let missing = directory.path("missing")
    let error = #expect(throws: FileError.self) { try OpenFile.content(of: missing) }
    #expect(error == FileError(.open, missing, .system(.noSuchFileOrDirectory)))
    #expect(error?.description == "\(missing): can't be read: No such file or directory")
    #expect(throws: FileError(.read, directory.url.path, .system(.isDirectory))) {
      try OpenFile.content(of: directory.url.path)
    }
  }

  @Test("A regular file is opened as one; a pipe is refused without waiting for who writes to it, and so are others")
  func regular() throws {
    let pipe = directory.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    for (path, cause) in [
      (pipe, FileError.Cause.isNotRegular), ("/dev/zero", .isNotRegular), (directory.url.path, .isDirectory),
      (directory.path("missing"), .system(.noSuchFileOrDirectory)),
    ] {
      #expect(throws: FileError(.open, path, cause)) { _ = try OpenFile(regular: path) }
    }
    #expect(FileError(.open, pipe, .isNotRegular).category == .badData)
    let path = try directory.write("0123456789", to: "x")
    #expect(try OpenFile(regular: path).status().size == 10)
  }

  @Test(
    "A read that fails is told, and is the system's fault",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/mem")))
  func failing() {
    // Nothing is mapped at the address 0.
    let error = #expect(throws: FileError.self) { try read(1, at: 0, of: "/proc/self/mem") }
    #expect(error == FileError(.read, "/proc/self/mem", .system(.ioError)))
    #expect(error?.category == .inputOutput)
  }

  @Test("Files are kept open, each a file of its own")
  func kept() throws {
    let path = try directory.write("kept", to: "x")
    let kept = try #require(try KeptFile(path))
    try FileManager.default.removeItem(atPath: path)
    var bytes = [UInt8](repeating: 0, count: 4)
    try bytes.withUnsafeMutableBytes { try kept.file.read(at: 0, into: $0) }
    #expect(bytes == Array("kept".utf8))
    #expect(throws: FileError(.open, path, .system(.noSuchFileOrDirectory))) { _ = try KeptFile(path) }
  }
}
