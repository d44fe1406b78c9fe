import Foundation
import Testing

/// A command that must fail: with which exit code, and which words on standard error.
struct Mistake: Sendable, CustomTestStringConvertible {
  let what: String
  /// Python that writes the files.
  var script = ""
  let arguments: [String]
  let status: Int32
  let says: [String]

  var testDescription: String { what }

  /// `build` with `inputs`, to a store in the directory `out`.
  static func build(
    _ what: String, _ script: String = "", _ inputs: String..., status: Int32, says: String...
  ) -> Mistake {
    Mistake(
      what: what, script: script, arguments: ["build", "-o", "out/x.logitree"] + inputs, status: status, says: says)
  }

  /// Runs it: it must say what is due on standard error, nothing on standard output, and leave the disk as it was.
  func check() async throws {
    let workspace = try await Workspace(script)
    try FileManager.default.createDirectory(atPath: workspace.path("out"), withIntermediateDirectories: true)
    let before = try workspace.listing()
    let run = try await workspace.logitree(arguments)
    #expect(run.status == status)
    for words in says { #expect(run.errors.contains(words), "\(run.errors)") }
    #expect(run.output.isEmpty, "\(run.outputText)")
    #expect(try workspace.listing() == before)
  }
}

@Suite("Inputs that can't be built", .byTurns)
struct InputErrorTests {
  static let files: [Mistake] = [
    .build("no such file", "", "no.h5", status: 66, says: "no.h5: no such file"),
    .build(
      "second file missing", "save('x.h5', blobs(9, 3))", "x.h5", "no.h5", status: 66, says: "no.h5: no such file"),
    .build("a directory", "os.mkdir('d.h5')", "d.h5", status: 66, says: "d.h5", "directory"),
    .build("text", "open('x.h5', 'w').write('a,b\\n1,2\\n')", "x.h5", status: 65, says: "x.h5: is text", "build -"),
    .build("an empty file", "open('x.h5', 'w')", "x.h5", status: 65, says: "x.h5: not an HDF5 file"),
    .build(
      "a file cut short", "save('x.h5', blobs(1000, 50)); os.truncate('x.h5', 100_000)", "x.h5",
      status: 65, says: "x.h5", "truncated"),
    .build("no dataset", "h5py.File('x.h5', 'w').close()", "x.h5", status: 65, says: "x.h5", "no datasets at all"),
    .build(
      "no candidate", "save('x.h5', np.arange(9), 'labels'); save('x.h5', np.zeros(4), 'weights')", "x.h5",
      status: 65, says: "x.h5", "/labels", "/weights"),
    .build(
      "several candidates", "[save('x.h5', blobs(9, 3), n) for n in ['train', 'test/raw', 'val']]", "x.h5",
      status: 65, says: "x.h5", "/train, /val", "/test/raw", "--dataset"),
    .build(
      "named dataset missing", "save('x.h5', blobs(9, 3), 'here')", "x.h5:/there",
      status: 66, says: "x.h5: no dataset /there", "/here"),
    .build(
      "named dataset missing in one of two", "save('x.h5', blobs(9, 3)); save('y.h5', blobs(9, 3), 'other')",
      "x.h5", "y.h5", "--dataset", "logits", status: 66, says: "y.h5: no dataset /logits", "/other"),
    .build("one-dimensional", "save('x.h5', np.zeros(9))", "x.h5:/logits", status: 65, says: "x.h5:/logits", "(9)"),
    .build(
      "integers", "save('x.h5', np.zeros((9, 3), 'i4'))", "x.h5:/logits", status: 65, says: "x.h5:/logits", "int32"),
    .build("K = 1", "save('x.h5', np.zeros((9, 1)))", "x.h5", status: 65, says: "x.h5:/logits", "1 column"),
    .build("N = 0", "save('x.h5', np.zeros((0, 5)))", "x.h5", status: 65, says: "x.h5:/logits", "no rows"),
    .build(
      "different K", "save('x.h5', blobs(9, 3)); save('y.h5', blobs(9, 4))", "x.h5", "y.h5",
      status: 65, says: "y.h5:/logits", "4 columns", "x.h5:/logits", "3"),
    .build(
      "rows never written",
      """
      with h5py.File("x.h5", "w") as f:
          f.create_dataset("logits", (1000, 8), "f4", chunks=(100, 8))[:300] = blobs(300, 8)
      """, "x.h5", status: 65, says: "x.h5:/logits", "never written"),
    .build(
      "a damaged gzip chunk",
      """
      x = blobs(5000, 20)
      save("x.h5", x, "scores/logits", chunks=(500, 20), compression="gzip")
      with h5py.File("x.h5") as f:
          chunk = f["scores/logits"].id.get_chunk_info(6)
      with open("x.h5", "r+b") as raw:
          raw.seek(chunk.byte_offset + chunk.size // 2)
          raw.write(b"\\xff" * 64)
      """, "x.h5", "--threads", "2", status: 65, says: "x.h5:/scores/logits", "rows 3000..<3500 are damaged"),
  ]

  @Test("Files and datasets", arguments: files)
  func file(mistake: Mistake) async throws { try await mistake.check() }

  static let nameFiles: [Mistake] = [
    .build(
      "too few lines", "save('x.h5', blobs(9, 3)); open('n.txt', 'w').write('a\\nb\\n')", "x.h5", "--names", "n.txt",
      status: 65, says: "n.txt", "2 lines", "3 clusters"),
    .build(
      "too many lines", "save('x.h5', blobs(9, 3)); open('n.txt', 'w').write('a\\nb\\nc\\nd')", "x.h5", "--names",
      "n.txt", status: 65, says: "n.txt", "4 lines", "3 clusters"),
    .build(
      "an empty line", "save('x.h5', blobs(9, 3)); open('n.txt', 'w').write('a\\n\\nc\\n')", "x.h5", "--names", "n.txt",
      status: 65, says: "n.txt", "line 2"),
    .build(
      "not UTF-8", "save('x.h5', blobs(9, 3)); open('n.txt', 'wb').write(b'a\\n\\xff\\nc\\n')", "x.h5", "--names",
      "n.txt", status: 65, says: "n.txt", "UTF-8"),
    .build(
      "no such file", "save('x.h5', blobs(9, 3))", "x.h5", "--names", "n.txt", status: 66, says: "n.txt: no such file"),
  ]

  @Test("Files of names", arguments: nameFiles)
  func nameFile(mistake: Mistake) async throws { try await mistake.check() }
}
