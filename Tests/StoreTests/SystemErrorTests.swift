import Files
import Foundation
import Store
import SystemPackage
import TestSupport
import Testing

@Suite("Stores whose files the system can't read")
struct SystemErrorTests {
  /// A store of which a file of some kind gives an error whenever it is opened, since it is a link to a
  /// name that is too long.
  private func store(without kind: String) throws -> (small: SmallStore, file: String) {
    let small = try SmallStore()
    let file = try #require(try small.files.first { $0.hasPrefix(kind) })
    let path = "\(small.path)/\(file)"
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: String(repeating: "x", count: 300))
    return (small, path)
  }

  @Test("A segment or evidence that can't be read is not called damaged", arguments: ["segment", "evidence"])
  func unread(kind: String) throws {
    let (small, file) = try store(without: kind)
    let expected = StoreError.file(FileError(.open, file, .system(.fileNameTooLong)))
    let findings = try Store(small.path).check()
    #expect(findings.unread == [expected] && findings.damage == [])
    #expect(expected.category == .inputOutput)
    #expect(throws: expected) { _ = try SmallStore.build(small.path) }
    #expect(!"\(expected)".contains("damaged"))
  }

  @Test("A manifest that can't be read is not called damaged")
  func manifest() throws {
    let (small, file) = try store(without: "manifest")
    #expect(throws: StoreError.file(FileError(.open, file, .system(.fileNameTooLong)))) {
      _ = try Store(small.path).read()
    }
  }
}
