import Testing
import Texts

@Suite("Names of files as strings")
struct SystemTextTests {
  @Test(
    "Each has a string of its own, which gives back its bytes",
    arguments: [
      [], Array("logits.npy".utf8), Array("é.npy".utf8), Array("e\u{301}".utf8), [0xFF], [0xEF, 0xBF, 0xBD],
      [0x80, 0x41],
      [0x41, 0xC3], [0xC3, 0xA9, 0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x98],
      // The characters that stand for bytes, as they are and cut short.
      [0xF4, 0x8F, 0xBB, 0xBF], [0xF4, 0x8F, 0xBA, 0x80, 0xFF], [0xF4, 0x8F, 0xB8, 0x80], [0xF4, 0x8F, 0xBA],
      Array(1...255),
    ] as [[UInt8]])
  func bytes(_ bytes: [UInt8]) {
    let text = String(systemBytes: bytes)
    #expect(text.systemBytes == bytes)
    #expect(String(systemBytes: text.systemBytes).hasSameBytes(as: text))
    if let valid = String(validating: bytes, as: UTF8.self), !bytes.starts(with: [0xF4, 0x8F, 0xBB]),
      !bytes.starts(with: [0xF4, 0x8F, 0xBA])
    {
      #expect(text.hasSameBytes(as: valid))
    }
  }

  @Test("No two names have the same string")
  func distinct() {
    var names: [[UInt8]] = [[]]
    for _ in 0..<3 { names += names.flatMap { name in [0x41, 0x8F, 0xBA, 0xC3, 0xF4, 0xFF].map { name + [$0] } } }
    names += [[0xF4, 0x8F, 0xBB, 0xBF], [0xF4, 0x8F, 0xBA, 0x80]]
    let distinct = Set(names.map { $0.map(Int.init) })
    #expect(Set(distinct.map { ByteText(String(systemBytes: $0.map(UInt8.init))) }).count == distinct.count)
  }

  @Test("Components are between slashes, whatever follows those")
  func components() {
    #expect("a/\u{301}b".pathComponents == ["a", "\u{301}b"])
    #expect("/a//b/".pathComponents == ["a", "b"])
    for (path, directory, name) in [
      ("a", "", "a"), ("/a", "/", "a"), ("a/b", "a", "b"), ("a//b/", "a", "b"), ("/", "/", "/"), ("//a", "/", "a"),
      ("/a/b", "/a", "b"), ("", "", ""),
    ] {
      #expect(path.deletingLastPathComponent == directory, "\(path)")
      #expect(path.lastPathComponent == name, "\(path)")
    }
    #expect("/a/./b//../c/".normalizedPath == "/a/c" && "/..".normalizedPath == "/")
  }
}
