import Evaluation
import Foundation
import Glibc
import LogitStream
import TestSupport
import Testing

@Suite("Files of names")
struct NameFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func names(_ text: String, count: Int? = nil, in file: String = "names.txt") throws -> [String] {
    try NameFile(directory.write(text, to: file), count: count).names
  }

  private func bytes(_ names: [String]) -> [[UInt8]] { names.map { Array($0.utf8) } }

  @Test(
    "LF, CR LF and CR end a line, and nothing else does",
    arguments: ["\u{2028}", "\u{2029}", "\u{85}", "\u{B}", "\u{C}", "\u{1C}", "\u{301}", "\u{200D}"])
  func lines(mark: String) throws {
    let expected = ["a", "x\(mark)y", mark, "b\(mark)"]
    for end in ["\n", "\r\n", "\r"] {
      #expect(bytes(try names(expected.joined(separator: end) + end)) == bytes(expected))
      #expect(bytes(try names(expected.joined(separator: end))) == bytes(expected))
    }
  }

  @Test("Nothing is trimmed but a byte order mark at the beginning")
  func blanks() throws {
    let expected = [" ", "\t", "\u{A0}", "\u{3000}", "\u{200B}", "\u{FEFF}", "the", " the", "the "]
    #expect(try names("\u{FEFF}" + expected.joined(separator: "\n") + "\n") == expected)
  }

  @Test("A line longer than the buffer, and line ends at its edge", arguments: [0, 1, 2])
  func edges(more: Int) throws {
    let many = (0..<40_000).map { "name \($0)" } + [String(repeating: "x", count: 60_000 + more)]
    #expect(try names(many.joined(separator: "\r\n")) == many)
  }

  @Test(
    "JSON has a list, or names by number",
    arguments: [
      #"["a", "b\u000a", "\u90ce"]"#,
      #"{"id2label": {"0": "a", "2": "\u90ce", "1": "b\n"}, "label2id": {"a": 0}, "n": [1, -2.5e-3, true, null, {}]}"#,
      #" {"2": "郎", "1": "b\n", "0": "a"}"#,
    ])
  func json(text: String) throws {
    #expect(bytes(try names(text, count: 3, in: "config.json")) == bytes(["a", "b\n", "\u{90CE}"]))
  }

  @Test(
    "What has no names is an error that says why",
    arguments: [
      ("", "names.txt", "is empty, where names should be"), ("a\n\nb\n", "names.txt", "line 2: is empty"),
      ("a\nb\u{0}\n", "names.txt", "line 2: has a zero byte"),
      ("a\nb\n\n", "names.txt", "line 3: is empty"),
      (#"{"0": "a", "0": "b"}"#, "x.json", "the number '0' is there twice"),
      (#"{"id2label": {"0": "a", "1": "b", "1": "c"}}"#, "x.json", "the number '1' is there twice"),
      (#"{"id2label": {"0": "a"}, "id2label": {"0": "b"}}"#, "x.json", "id2label is there twice"),
      (#"{"0": "a", "+1": "b"}"#, "x.json", "the numbers from 0 to 1, and '+1' is none"),
      (#"{"0": "a", "01": "b"}"#, "x.json", "the numbers from 0 to 1, and '01' is none"),
      (#"{"0": "a",}"#, "x.json", "at byte 10, "), (#"["a",]"#, "x.json", "at byte 5, "),
      (#"{"id2label": {"0": "a"}, "n": [1,]}"#, "x.json", "at byte 33, a value should be there"),
      (#"["a"] 1"#, "x.json", "at byte 6, there is more after the end"),
      ("[1, 2]", "x.json", "is no JSON with a list of names, or with id2label"),
      ("a\nb\n", "x.json", "is no JSON with a list of names, or with id2label"),
      (#"{"0": "a", "2": "b"}"#, "x.json", "the names of an object have the numbers from 0 to 1, and '2' is none"),
      (#"["a", ""]"#, "x.json", "name 2: is empty"),
      (String(repeating: "x", count: 70_000), "names.txt", "line 1: has more than 64.0 KiB"),
    ])
  func errors(text: String, file: String, message: String) throws {
    let error = try #require(throws: (any Error).self) { try names(text, in: file) }
    #expect("\(error)".contains(message), "\(error)")
  }

  @Test("Another number of names is an error, and no more are read")
  func count() throws {
    #expect(
      "\(try #require(throws: EvaluationError.self) { try names("a", count: 2) })".hasSuffix(
        "has 1 line, and 2 clusters need a name each"))
    #expect(
      "\(try #require(throws: EvaluationError.self) { try names("a\nb\nc\n", count: 2) })"
        .hasSuffix("has 3 lines, and 2 clusters need a name each"))
    let endless = String(repeating: "x\n", count: 1 << 17)
    #expect(
      "\(try #require(throws: EvaluationError.self) { try names(endless, count: 2) })".contains("has many more lines"))
  }

  @Test("Datasets of strings, the only one if none is named")
  func hdf5() throws {
    let fixture = try Fixture(
      """
      names = np.array(["a", " b", "\\u90ce"], dtype=object)
      f.create_dataset("classes", data=names, dtype=h5py.string_dtype())
      f["logits"] = np.zeros((4, 3)); f["labels"] = np.arange(4)
      """)
    let path = fixture.path
    #expect(bytes(try NameFile(path, count: 3).names) == bytes(["a", " b", "\u{90CE}"]))
    #expect(try NameFile(path + ":/classes").location == path + ":/classes")
    for (specification, message) in [
      (path + ":/labels", "holds int64, no strings"), (path + ":/nothing", "no dataset /nothing"),
    ] {
      let error = try #require(throws: (any Error).self) { try NameFile(specification, count: 3) }
      #expect("\(error)".contains(message), "\(error)")
    }
    #expect(throws: EvaluationError.self) { try NameFile(path, count: 2) }
  }

  @Test("Strings as NumPy saves them, without the zeros at their ends; what is none is named by its row")
  func npy() throws {
    let fixture = try Fixture(
      """
      def write(name, array): np.save(os.path.join(os.path.dirname(sys.argv[1]), name), array)
      names = ["a", " b ", "\\u90ce\\U0001f408", "x" * 70, "\\ufeffe\\u0301"]
      write("little", np.array(names, "<U70"))
      write("big", np.array(names, ">U99"))
      write("bytes", np.array([name.encode() for name in names]))
      # More than are read at once.
      write("many", np.array([f"name {i}" for i in range(200_000)]))
      write("beyond", np.array([97, 98, 0x110000], "<u4").view("<U1"))
      write("surrogate", np.array([97, 0xD800, 97], ">u4").view(">U1"))
      write("latin", np.array(["a", "\\u00e9"]).astype("U").view("<u4").astype("u1").view("S1"))
      write("inside", np.array(["a", "b\\0c"]))
      write("empty", np.array(["a", ""]))
      write("none", np.array([], "U1"))
      write("objects", np.array(["a", "b"], dtype=object))
      write("numbers", np.arange(2))
      write("floats", np.zeros(2))
      write("square", np.array([["a", "b"]]))
      write("scalar", np.array("a"))
      whole = open(os.path.join(os.path.dirname(sys.argv[1]), "little.npy"), "rb").read()
      open(os.path.join(os.path.dirname(sys.argv[1]), "short.npy"), "wb").write(whole[:-1])
      """)
    func file(_ name: String) -> String {
      URL(fileURLWithPath: fixture.path).deletingLastPathComponent().path + "/\(name).npy"
    }
    let expected = ["a", " b ", "\u{90CE}\u{1F408}", String(repeating: "x", count: 70), "\u{FEFF}e\u{301}"]
    for name in ["little", "big", "bytes"] {
      #expect(try bytes(NameFile(file(name), count: 5).names) == bytes(expected), "\(name)")
    }
    #expect(try NameFile(file("many")).names == (0..<200_000).map { "name \($0)" })
    for (name, message) in [
      ("beyond", "row 2: is not UTF-32 text"), ("surrogate", "row 1: is not UTF-32 text"),
      ("latin", "row 1: is not UTF-8 text"), ("inside", "name 2: has a zero byte"), ("empty", "name 2: is empty"),
      ("none", "is empty, where names should be"), ("objects", "holds objects of Python"),
      ("numbers", "holds integers, no strings"), ("floats", "holds float64, no strings"),
      ("square", "has shape (1 × 2)"), ("scalar", "has shape () (a scalar)"), ("short", "ends early"),
    ] {
      let error = try #require(throws: (any Error).self) { try NameFile(file(name)) }
      #expect("\(error)".contains(message), "\(error)")
    }
    #expect(throws: EvaluationError.wrongNumberOfNames(file("big"), found: 5, unit: "name", clusters: 4)) {
      try NameFile(file("big"), count: 4)
    }
    #expect(throws: EvaluationError.self) { try NameFile(file("big") + ":/names") }
  }

  @Test("A pipe is read once, and not to an end that there is none of")
  func pipes() throws {
    let path = directory.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    Thread.detachNewThread {
      let handle = FileHandle(forWritingAtPath: path)
      try? handle?.write(contentsOf: Data("a\nb\n".utf8))
      try? handle?.close()
    }
    #expect(try NameFile(path, count: 2).names == ["a", "b"])
    for device in ["/dev/zero", "/dev/urandom"] {
      let error = try #require(throws: EvaluationError.self) { try NameFile(device, count: 2) }
      #expect("\(error)".contains("it is a device"))
    }
    #expect(throws: EvaluationError.self) { try NameFile(directory.path("."), count: 2) }
  }
}
