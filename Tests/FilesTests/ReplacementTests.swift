import Files
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Files that take the place of others, locks, directories")
struct ReplacementTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test("Without a commit nothing is changed, and nothing left")
  func abandoned() throws {
    let path = try directory.write("old", to: "x")
    do {
      let replacement = Replacement(of: path)
      try FileWriter(creating: replacement.temporary, named: path).write(Array("new".utf8))
      #expect(try directory.content().count == 2)
    }
    #expect(try directory.content() == ["x"])
    #expect(try OpenFile.content(of: path) == Array("old".utf8))
  }

  @Test("A temporary file that a killed run left as a link is not written through")
  func staleLink() throws {
    let path = directory.path("x")
    let other = try directory.write("other", to: "other")
    let temporary = directory.path(".x.\(ProcessInfo.processInfo.processIdentifier).tmp")
    try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: other)
    try Replacement.write(Array("new".utf8), to: path)
    #expect(try OpenFile.content(of: other) == Array("other".utf8))
    #expect(try OpenFile.content(of: path) == Array("new".utf8))
    #expect(try directory.content() == ["other", "x"])
  }

  @Test("A commit of what was never written is an error that leaves the old file")
  func unwritten() throws {
    let path = try directory.write("old", to: "x")
    let replacement = Replacement(of: path)
    let temporary = replacement.temporary
    var failure: FileError?
    do throws(FileError) { try replacement.commit() } catch { failure = error }
    #expect(failure == FileError(.open, temporary, .system(.noSuchFileOrDirectory)))
    #expect(try OpenFile.content(of: path) == Array("old".utf8))
  }

  /// Whether `body` was run with a lock, which then was given up.
  private func withLock(_ path: String, _ body: () throws -> Void) throws -> Bool {
    guard let lock = try FileLock.acquired(path, for: "x") else { return false }
    try body()
    withExtendedLifetime(lock) {}
    return true
  }

  @Test("A lock is one process's at a time, and free when it is given up")
  func lock() throws {
    let path = directory.path("lock")
    #expect(!FileLock.isHeld(path))
    let locked = try withLock(path) {
      #expect(FileLock.isHeld(path))
      let again = try withLock(path) {}
      #expect(!again)
    }
    #expect(locked && !FileLock.isHeld(path))
    let gone = try withLock(directory.path("missing/lock")) {}
    #expect(!gone)
    let error = #expect(throws: FileError.self) { _ = try FileLock.acquired(directory.url.path, for: "x") }
    #expect(error == FileError(.create, "x", .system(.isDirectory)))
  }

  @Test("Directories are made with those they are to be in")
  func directories() throws {
    try FileSystem.createDirectory(directory.path("a/b/c"))
    try FileSystem.createDirectory(directory.path("a/b/c"))
    #expect(FileSystem.isDirectory(directory.path("a/b/c")))
    let file = try directory.write("", to: "file")
    #expect(throws: FileError(.create, file, .isNoDirectory(nil))) { try FileSystem.createDirectory(file) }
    #expect(throws: FileError(.create, "\"\"", .hasNoName)) { try FileSystem.createDirectory("") }
    let below = file + "/x"
    let error = #expect(throws: FileError.self) { try FileSystem.createDirectory(below) }
    #expect(error?.category == .cannotCreate)
  }
}
