import Evaluation
import Foundation
import LogitStream
import TestSupport
import Testing

/// Labels of eight rows in every form, the sixth without one.
private let data = Result {
  try Fixture(
    """
    numbers = np.array([3, 1, 1, 0, 3, -1, 0, 1])
    for kind in ["i1", "<i2", ">i4", "<i8"]: save("as_" + kind[-2:], numbers.astype(kind))
    save("chunked", numbers, chunks=(3,), compression="gzip")
    save("unsigned", np.array([3, 1, 1, 0, 3, 9, 0, 1], "u2"))
    save("two_by_four", numbers.reshape(2, 4))
    save("huge", np.array([1, 2**63, 0, 0, 0, 0, 0, 0], "u8"))
    save("float", numbers.astype("f4"))
    f.create_dataset("unwritten", (8,), "i4", chunks=(4,))[:4] = 1
    names = np.array(["d", "b", "b", "a", "d", "", "a", "b"], dtype=object)
    f.create_dataset("names", data=names, dtype=h5py.string_dtype())
    f.create_dataset("fixed", data=names.astype("S3"))
    here = os.path.dirname(sys.argv[1])
    for kind in ["i1", "<i2", ">i4", "<i8"]: np.save(os.path.join(here, kind[-2:] + ".npy"), numbers.astype(kind))
    np.save(os.path.join(here, "float.npy"), numbers.astype("f4"))
    np.save(os.path.join(here, "columns.npy"), np.asfortranarray(numbers.reshape(4, 2)))
    with open(os.path.join(here, "i4.npy"), "rb") as whole, open(os.path.join(here, "short.npy"), "wb") as short:
      short.write(whole.read()[:-1])
    def write(name, text):
      with open(os.path.join(here, name), "w", newline="") as out: out.write(text)
    write("numbers.txt", "".join(f"{n}\\n" if n >= 0 else "\\n" for n in numbers))
    write("names.txt", "\\r\\n".join(names))
    write("table.csv", "id,name,number\\n" + "".join(f"{i},{a},{n}\\n" for i, (a, n) in enumerate(zip(names, numbers))))
    write("column.csv", "label\\n" + "".join(f'"{n}"\\n' for n in numbers))
    write("blank.csv", "label\\n3\\n1\\n1\\n0\\n3\\n\\n0\\n1\\n")
    write("twice.csv", "a,a\\n1,2\\n")
    write("empty.txt", "")
    with h5py.File(os.path.join(here, "one.h5"), "w") as other:
      other["labels"] = numbers; other["logits"] = np.zeros((8, 4)); other["classes"] = names
    with h5py.File(os.path.join(here, "strings.h5"), "w") as other:
      other["labels"] = names; other["logits"] = np.zeros((8, 4))
    with h5py.File(os.path.join(here, "none.h5"), "w") as other: other["logits"] = np.zeros((8, 4))
    """)
}

@Suite("Files of labels")
struct LabelFileTests {
  private func file(_ name: String) throws -> LabelFile {
    let path = try data.get().path
    return try LabelFile(URL(fileURLWithPath: path).deletingLastPathComponent().path + "/" + name)
  }

  /// What is counted when row i is in cluster i % 4: labels with the clusters of their rows.
  private func labelling(_ name: String, labelNames: LabelNames? = nil) throws -> Labelling {
    var counter = LabelCounter(try file(name), clusters: 4)
    // In two parts, the later one first.
    try counter.count(from: 5, [1, 2, 3])
    try counter.count(from: 0, [0, 1, 2, 3, -1])
    #expect(counter.skippedRows == 1)
    return try counter.labelling(clusterNames: ["p", "q", "r", "s"], labelNames: labelNames)
  }

  @Test(
    "Integers of any type and layout",
    arguments: [
      "file.h5:/as_i1", "file.h5:/as_i2", "file.h5:/as_i4", "file.h5:as_i8", "file.h5:/chunked", "file.h5:/two_by_four",
      "i1.npy", "i2.npy", "i4.npy", "i8.npy", "numbers.txt", "table.csv:number", "column.csv", "blank.csv",
      "one.h5",
    ])
  func integers(name: String) throws {
    let found = try labelling(name)
    #expect(try file(name).count == 8)
    #expect(found.labels == ["p", "q", "s"])
    #expect(found.clusterOfLabel == [0, 1, 3])
    #expect(found.table == CountTable([[0, 0, 1], [0, 1, 0], [1, 1, 0], [1, 1, 0]]))
    #expect(found.unlabelledRows == 1)
  }

  @Test(
    "Names of any form",
    arguments: ["file.h5:/names", "file.h5:/fixed", "names.txt", "table.csv:name", "strings.h5"])
  func names(name: String) throws {
    let found = try labelling(name)
    #expect(found.labels == ["a", "b", "d"])
    #expect(found.clusterOfLabel == nil)
    #expect(found.table == CountTable([[0, 0, 1], [0, 1, 0], [1, 1, 0], [1, 1, 0]]))
    #expect(found.unlabelledRows == 1)
  }

  @Test("Integers that are not all clusters' are called by their digits, or by a file's lines")
  func numbers() throws {
    #expect(try labelling("file.h5:/unsigned").labels == ["0", "1", "3", "9"])
    let directory = try TemporaryDirectory()
    let lines = try LabelNames(directory.write("zero\n one \ntwo\nthree\n", to: "names"))
    let found = try labelling("file.h5:/as_i4", labelNames: lines)
    #expect(found.labels == ["zero", "one", "three"])
    #expect(found.clusterOfLabel == nil)
    let error = try #require(throws: EvaluationError.self) { try labelling("file.h5:/unsigned", labelNames: lines) }
    #expect("\(error)".hasSuffix("has the label 9, and \(directory.path("names")) names 0 to 3"))
  }

  @Test(
    "What holds no labels is an error that says why",
    arguments: [
      ("file.h5", "several datasets could be the labels: /as_i1, /as_i2, /as_i4, /as_i8, /chunked"),
      ("file.h5:/float", "holds float32, where labels are integers"),
      ("file.h5:/unwritten", "is not complete: not all of it was written"),
      ("file.h5:/missing", "no dataset /missing"),
      ("none.h5", "no dataset of integers or strings, of one dimension; it has /logits"),
      ("float.npy", "holds float32, where labels are integers"),
      ("columns.npy", "lies column after column"),
      ("short.npy", "ends early"),
      ("table.csv", "several columns could be the labels: id, name, number; name one"),
      ("table.csv:label", "no column label; it has id, name, number"),
      ("twice.csv:a", "several columns are named a"),
      ("nothing.txt", "nothing.txt: no such file"),
    ])
  func errors(name: String, message: String) throws {
    let error = try #require(throws: (any Error).self) { try file(name) }
    #expect("\(error)".contains(message), "\(error)")
  }

  @Test("Numbers that are too large are named by their row, and a file without labels is an error")
  func unusable() throws {
    let error = try #require(throws: EvaluationError.self) { try labelling("file.h5:/huge") }
    #expect("\(error)".hasSuffix("row 1: the label is above 2^63 − 1"))
    #expect(try file("empty.txt").count == 0)
    var counter = LabelCounter(try file("i4.npy"), clusters: 4)
    try counter.count(from: 4, [-1, 2])
    #expect(throws: EvaluationError.self) {
      try counter.labelling(clusterNames: ["p", "q", "r", "s"], labelNames: nil)
    }
  }

  @Test("Many labels and clusters are counted as few are")
  func many() throws {
    let directory = try TemporaryDirectory()
    let rows = 50_000
    let text = (0..<rows).map { "\($0 * 7919 % 30_011)" }.joined(separator: "\n")
    var counter = LabelCounter(try LabelFile(directory.write(text, to: "labels")), clusters: 3000)
    try counter.count(from: 0, (0..<Int32(rows)).map { $0 % 3000 })
    let found = try counter.labelling(clusterNames: (0..<3000).map(String.init), labelNames: nil)
    #expect(found.labels == (0..<30_011).map(String.init))
    var expected: [[Int: Int]] = Array(repeating: [:], count: 3000)
    for row in 0..<rows { expected[row % 3000][row * 7919 % 30_011, default: 0] += 1 }
    #expect(found.table.entries.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.label, $0.count) }) } == expected)
  }
}
