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
      let replacement = try Replacement(of: path)
      var file = try FileWriter(creating: replacement.temporary, named: path)
      try file.write(Array("new".utf8))
      try file.close()
      #expect(try directory.content().count == 2)
    }
    #expect(try directory.content() == ["x"])
    #expect(try OpenFile.content(of: path) == Array("old".utf8))
  }

  @Test("Content that is not what was meant to be written is an error that leaves the old file and nothing else")
  func otherContent() throws {
    let path = try directory.write("old", to: "x")
    let changes: [(String) throws -> Void] = [
      { try FileManager.default.removeItem(atPath: $0) },
      { try Data("new?".utf8).write(to: URL(fileURLWithPath: $0)) },
      { #expect(truncate($0, 2) == 0) },
      { #expect(truncate($0, 5) == 0) },
    ]
    for change in changes {
      let replacement = try Replacement(of: path)
      var file = try FileWriter(creating: replacement.temporary, named: path)
      try file.write(Array("new!".utf8))
      let sum = try file.close()
      try change(replacement.temporary)
      var failure: FileError?
      do throws(FileError) { try replacement.commit(sum) } catch { failure = error }
      #expect(failure?.operation == .write && failure?.path == path && failure?.category == .inputOutput)
      #expect(try OpenFile.content(of: path) == Array("old".utf8))
      #expect(try directory.content() == ["x"])
    }
  }

  @Test("What a killed process left goes away, what another one is writing or has written under another name stays")
  func leftovers() throws {
    let path = directory.path("x")
    for name in [".x.0123abcd.tmp", ".x.0123abc.tmp", ".x.0123abcg.tmp", ".y.0123abcd.tmp", "x.0123abcd.tmp"] {
      try directory.write("left", to: name)
    }
    let other = try Replacement(of: path)
    try OutputFile.write(Array("new".utf8), to: path)
    #expect(FileManager.default.fileExists(atPath: other.temporary))
    #expect(
      Set(try directory.content()) == [
        "x", ".x.0123abc.tmp", ".x.0123abcg.tmp", ".y.0123abcd.tmp", "x.0123abcd.tmp",
        URL(fileURLWithPath: other.temporary).lastPathComponent,
      ])
  }

  @Test("A name as long as names can be has a temporary one", arguments: ["x", "猫"])
  func longName(letter: String) throws {
    let name = String(repeating: letter, count: 255 / letter.utf8.count)
    try OutputFile.write(Array("new".utf8), to: directory.path(name))
    #expect(try directory.content() == [name])
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
