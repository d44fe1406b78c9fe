import Foundation
import Store
import TestSupport
import Testing

@Suite("Stores")
struct StoreTests {
  let directory: TemporaryDirectory
  let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path("my.logitree")
  }

  private func write(_ content: StoredHierarchy) throws {
    let writer = try StoreWriter(path)
    try writer.commit(content)
  }

  @Test(
    "What is written is read back, and nothing else is left",
    arguments: ["my.logitree", "my.logitree/", "./x/../my.logitree"])
  func roundTrip(name: String) throws {
    let content = try StoredHierarchy.example()
    let writer = try StoreWriter(directory.url.path + "/" + name)
    try writer.commit(content)
    #expect(try Store.read(path) == content)
    #expect(try directory.content() == ["my.logitree"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["manifest.json"])
  }

  @Test("Until it is committed there is no store, and without a commit nothing is left")
  func uncommitted() throws {
    func prepare() throws {
      let writer = try StoreWriter(path)
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(throws: StoreError.noSuchStore(path)) { _ = try Store.read(path) }
      _ = consume writer
    }
    try prepare()
    #expect(try directory.content() == [])
  }

  @Test("A store is replaced when the new one is committed, not before, and not without")
  func replacing() throws {
    let (old, new) = try (StoredHierarchy.example(rows: 1), StoredHierarchy.example(rows: 2))
    try write(old)
    func prepare() throws { _ = try StoreWriter(path) }
    try prepare()
    #expect(try Store.read(path) == old)
    let writer = try StoreWriter(path)
    #expect(try Store.read(path) == old)
    try writer.commit(new)
    #expect(try Store.read(path) == new)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["manifest.json"])
    #expect(try directory.content() == ["my.logitree"])
  }

  @Test("What is there and is no store is left alone", arguments: ["file", "directory", "dangling link"])
  func notAStore(kind: String) throws {
    switch kind {
    case "file": try directory.write("precious", to: "my.logitree")
    case "directory":
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      try directory.write("precious", to: "my.logitree/data")
    default: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
    }
    #expect(throws: StoreError.outputIsNoStore(path)) { _ = try StoreWriter(path) }
    #expect(throws: StoreError.notAStore(path)) { _ = try Store.read(path) }
    #expect(try directory.content() == ["my.logitree"])
  }

  @Test("A store that is not there is called so")
  func missing() {
    #expect(throws: StoreError.noSuchStore(path)) { _ = try Store.read(path) }
  }

  @Test("A store of a newer program is not read, even if the rest has changed")
  func newer() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try directory.write(#"{"format": "logitree", "version": 99, "segments": []}"#, to: "my.logitree/manifest.json")
    #expect(throws: StoreError.newerFormat(path, found: 99, known: 1)) { _ = try Store.read(path) }
  }

  @Test("Another program's manifest is none")
  func foreign() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try directory.write(#"{"format": "other", "version": 1}"#, to: "my.logitree/manifest.json")
    #expect(throws: StoreError.notAStore(path)) { _ = try Store.read(path) }
  }

  @Test(
    "A damaged manifest is called damaged", arguments: ["empty", "cut", "no JSON", "a bad merge", "a missing field"])
  func damaged(kind: String) throws {
    try write(.example())
    let manifest = path + "/manifest.json"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    let damaged =
      switch kind {
      case "empty": ""
      case "cut": String(text.prefix(text.count / 2))
      case "no JSON": "\u{7F}ELF"
      case "a bad merge": text.replacing("\"partner\":2", with: "\"partner\":1")
      default: text.replacing(",\"temperature\":1.5", with: "")
      }
    #expect(damaged != text)
    try damaged.write(toFile: manifest, atomically: false, encoding: .utf8)
    let error = #expect(throws: StoreError.self) { _ = try Store.read(path) }
    guard case .damaged(manifest, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // It can be built again in the same place.
    try write(.example(rows: 7))
    #expect(try Store.read(path) == .example(rows: 7))
  }

  @Test("A place where nothing can be created is refused before the work")
  func noParent() throws {
    let nested = directory.path("missing") + "/my.logitree"
    #expect(throws: StoreError.cannotCreate(nested, reason: "No such file or directory")) {
      _ = try StoreWriter(nested)
    }
  }

  @Test("A directory that may not be written to is refused before the work", .enabled(if: geteuid() != 0))
  func notWritable() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: directory.url.path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.url.path) }
    #expect(throws: StoreError.cannotCreate(path, reason: "Permission denied")) { _ = try StoreWriter(path) }
  }

  @Test("A store that may not be written to is refused before the work", .enabled(if: geteuid() != 0))
  func storeNotWritable() throws {
    try write(.example())
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
    #expect(throws: StoreError.cannotCreate(path, reason: "Permission denied")) { _ = try StoreWriter(path) }
  }

  @Test("What a killed run left behind is not in the way of one with the same process id")
  func leftover() throws {
    let name = ".my.logitree.\(getpid()).tmp"
    try FileManager.default.createDirectory(atPath: directory.path(name), withIntermediateDirectories: false)
    try write(.example())
    #expect(try Store.read(path) == .example())
  }
}
