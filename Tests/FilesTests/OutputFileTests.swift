import Files
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Output files")
struct OutputFileTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func content(_ name: String) throws -> String {
    try String(contentsOfFile: directory.path(name), encoding: .utf8)
  }

  private func type(_ path: String) throws -> FileAttributeType? {
    try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
  }

  @Test("A file is created, or replaced as a whole", arguments: [nil, "old and longer than the new"])
  func written(old: String?) throws {
    if let old { try directory.write(old, to: "out") }
    try OutputFile.write(Array("new".utf8), to: directory.path("out"))
    #expect(try content("out") == "new")
    #expect(try directory.content() == ["out"])
  }

  @Test("Whoever has the old file open keeps it: the new one is another")
  func atomic() throws {
    try directory.write("old", to: "out")
    let open = try #require(FileHandle(forReadingAtPath: directory.path("out")))
    try OutputFile.write(Array("new".utf8), to: directory.path("out"))
    #expect(try open.readToEnd() == Data("old".utf8))
  }

  @Test("Large and empty outputs are written in full", arguments: [0, 1, 3_000_000])
  func sizes(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try OutputFile.write(bytes, to: directory.path("out"))
    #expect(try Data(contentsOf: directory.url.appending(path: "out")) == Data(bytes))
  }

  @Test("A link stays a link, and its target is replaced")
  func link() throws {
    try FileManager.default.createDirectory(atPath: directory.path("there"), withIntermediateDirectories: false)
    try directory.write("old", to: "there/target")
    try FileManager.default.createSymbolicLink(atPath: directory.path("link"), withDestinationPath: "there/target")
    try OutputFile.write(Array("new".utf8), to: directory.path("link"))
    #expect(try type(directory.path("link")) == .typeSymbolicLink)
    #expect(try content("there/target") == "new")
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path("there")) == ["target"])
  }

  @Test("A device is written to, and stays one")
  func device() throws {
    try OutputFile.write(Array("gone".utf8), to: "/dev/null")
    #expect(try type("/dev/null") == .typeCharacterSpecial)
  }

  @Test("A device that is full is an error", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func full() {
    #expect(throws: FileError(.write, "/dev/full", .system(.noSpace))) {
      try OutputFile.write([1], to: "/dev/full")
    }
  }

  @Test("A file that can't be created is named")
  func impossible() throws {
    let nested = directory.path("missing") + "/out"
    #expect(throws: FileError(.create, nested, .system(.noSuchFileOrDirectory))) {
      try OutputFile.write([1], to: nested)
    }
    #expect(throws: FileError(.create, directory.url.path, .system(.isDirectory))) {
      try OutputFile.write([1], to: directory.url.path)
    }
  }
}
