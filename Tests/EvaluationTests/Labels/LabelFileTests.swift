import Evaluation
import Foundation
import Hierarchy
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
    for name, kind in [("text", "<U3"), ("big", ">U3"), ("bytes", "|S9")]:
      np.save(os.path.join(here, name + ".npy"), names.astype(kind))
    np.save(os.path.join(here, "digits.npy"), np.where(numbers < 0, "", numbers.astype("U")))
    np.save(os.path.join(here, "objects.npy"), names)
    np.save(os.path.join(here, "square.npy"), names.astype("U").reshape(4, 2))
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
  private func file(_ name: String, areNumbers: Bool = false) throws -> LabelFile {
    let path = try data.get().path
    return try LabelFile(
      URL(fileURLWithPath: path).deletingLastPathComponent().path + "/" + name, clusterNames: ["p", "q", "r", "s"],
      areNumbers: areNumbers)
  }

  /// What is counted when row i is in cluster i % 4: labels with the clusters of their rows.
  private func labelling(_ name: String, labelNames: NameFile? = nil) throws -> Labelling {
    var counter = LabelCounter(try file(name, areNumbers: labelNames != nil), clusters: 4)
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
      "i1.npy", "i2.npy", "i4.npy", "i8.npy", "digits.npy", "numbers.txt", "table.csv:number", "column.csv",
      "blank.csv",
      "one.h5",
    ])
  func integers(name: String) throws {
    let found = try labelling(name)
    #expect(try file(name).count == 8)
    #expect(found.labels == ["p", "q", "s"])
    #expect(found.clustersOfLabel == [[0], [1], [3]] && found.kind == .columns)
    #expect(found.table == CountTable([[0, 0, 1], [0, 1, 0], [1, 1, 0], [1, 1, 0]]))
    #expect(found.unlabelledRows == 1)
  }

  @Test(
    "Names of any form",
    arguments: [
      "file.h5:/names", "file.h5:/fixed", "names.txt", "table.csv:name", "strings.h5", "text.npy", "big.npy",
      "bytes.npy",
    ])
  func names(name: String) throws {
    let found = try labelling(name)
    #expect(found.labels == ["a", "b", "d"])
    #expect(found.clustersOfLabel == [[], [], []] && found.kind == .names)
    #expect(found.table == CountTable([[0, 0, 1], [0, 1, 0], [1, 1, 0], [1, 1, 0]]))
    #expect(found.unlabelledRows == 1)
  }

  @Test("Integers that are not all clusters' are called by their digits, or by a file's lines")
  func numbers() throws {
    #expect(try labelling("file.h5:/unsigned").labels == ["0", "1", "3", "9"])
    let directory = try TemporaryDirectory()
    let lines = try NameFile(directory.write("zero\none\ntwo\nthree\n", to: "names"))
    let found = try labelling("file.h5:/as_i4", labelNames: lines)
    #expect(found.labels == ["zero", "one", "three"])
    #expect(found.clustersOfLabel == [[], [], []] && found.kind == .named(by: lines.location))
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
      ("objects.npy", "holds objects of Python"),
      ("square.npy", "has shape (4 × 2), where names, and labels that are strings or in Zarr, have one dimension"),
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
    func label(_ row: Int) -> Int { row * 7919 % 30_011 }
    let text = (0..<rows).map { "\(label($0))" }.joined(separator: "\n")
    var counter = LabelCounter(
      try LabelFile(directory.write(text, to: "labels"), clusterNames: (0..<3000).map(String.init)), clusters: 3000)
    try counter.count(from: 0, (0..<Int32(rows)).map { $0 % 3000 })
    let found = try counter.labelling(clusterNames: (0..<3000).map(String.init), labelNames: nil)
    #expect(found.labels == (0..<30_011).map(String.init))
    var expected: [[Int: Int]] = Array(repeating: [:], count: 3000)
    for row in 0..<rows { expected[row % 3000][label(row), default: 0] += 1 }
    let counts = found.table.entries.map { entries in
      Dictionary(uniqueKeysWithValues: entries.map { ($0.label, $0.count) })
    }
    #expect(counts == expected)
  }

  /// What labels are read as, if clusters have these names.
  private func read(_ text: String, _ clusterNames: [String], in file: String = "labels.txt") throws -> Labelling {
    let directory = try TemporaryDirectory()
    let labels = try LabelFile(directory.write(text, to: file), clusterNames: clusterNames)
    var counter = LabelCounter(labels, clusters: clusterNames.count)
    try counter.count(from: 0, (0..<Int32(labels.count)).map { $0 % Int32(clusterNames.count) })
    return try counter.labelling(clusterNames: clusterNames, labelNames: nil)
  }

  @Test(
    "What says that there is no value is no label, unless a cluster is called so",
    arguments: [
      "", "NA", "nan", "NaN", "NULL", "null", "None", "<NA>", "#N/A", "\\N", " NA ", "none", "NONE", "na", "Null",
      "NAN", "<na>", "-1", "-1.0", "-1.000e+00", "  ",
    ])
  func missing(text: String) throws {
    let labels = try read("0\n1.0\n\(text)\n1\n", ["p", "q"])
    #expect(labels.labels == ["p", "q"] && labels.unlabelledRows == 1 && labels.kind == .columns)
    guard !["", "-1", "-1.0", "-1.000e+00"].contains(text) else { return }
    let named = try read("p\n\(text)\np\n", ["p", text])
    #expect(named.labels.sorted() == ["p", text].sorted() && named.unlabelledRows == 0 && named.kind == .names)
    let directory = try TemporaryDirectory()
    let file = try LabelFile(directory.write("NA\np\nNA\n", to: "x"), clusterNames: ["p", "NA"])
    #expect(file.remarks.missing.isEmpty && file.remarks.namedLikeMissing.map(\.count) == [2])
  }

  @Test("Missing labels are told by their texts")
  func remarks() throws {
    let directory = try TemporaryDirectory()
    let file = try LabelFile(
      directory.write("id;label\n0;NA\n1;a\n2;\n3;null\n4;NA\n", to: "x.csv") + ":label", clusterNames: ["a"])
    #expect(file.remarks.missing.map(\.text) == ["NA", "null"] && file.remarks.missing.map(\.count) == [2, 1])
    #expect(file.remarks.separator == "semicolons" && file.location.hasSuffix("x.csv:label"))
  }

  @Test("A number below 0 is no label among names either, unless a cluster is called so")
  func negative() throws {
    let labels = try read("a\n-1\n-1.0\n-100\nb\n", ["a", "b"])
    #expect(labels.labels == ["a", "b"] && labels.unlabelledRows == 3)
    #expect(try read("a\n-1\n", ["a", "-1"]).labels == ["-1", "a"])
    let directory = try TemporaryDirectory()
    let names = try LabelFile(directory.write("a\n-1\n-1\n", to: "names"), clusterNames: ["a"])
    #expect(names.remarks.missing.map(\.text) == ["-1"] && names.remarks.missing.map(\.count) == [2])
    let numbers = try LabelFile(directory.write("0\n-1\n", to: "numbers"), clusterNames: ["a"])
    #expect(numbers.remarks.missing.isEmpty && numbers.isOfIntegers)
  }

  @Test("A text that alone makes names of numbers is told with its row")
  func onlyWord() throws {
    let directory = try TemporaryDirectory()
    let file = try LabelFile(directory.write("0\n1\n?\n1\n?\n", to: "x"), clusterNames: ["a", "b"])
    #expect(!file.isOfIntegers && file.remarks.onlyWord?.text == "?" && file.remarks.onlyWord?.row == 2)
    #expect(
      try LabelFile(directory.write("0\nx\n?\n", to: "y"), clusterNames: ["a", "b"]).remarks.onlyWord == nil)
  }

  @Test("A zero byte in a label is an error that names the row", arguments: ["x.txt", "x.csv:label"])
  func zeroByte(name: String) throws {
    let directory = try TemporaryDirectory()
    let header = name.hasSuffix(":label") ? "label\n" : ""
    _ = try directory.write("\(header)a\na\u{0}b\n", to: String(name.prefix(5)))
    let error = try #require(throws: EvaluationError.self) {
      try LabelFile(directory.path(name), clusterNames: ["a"])
    }
    #expect("\(error)".hasSuffix("row 1: has a zero byte, which ends texts in many files"))
  }

  @Test("Text that could be names and numbers is what more of it is, and of equals, names")
  func namesOrNumbers() throws {
    #expect(try read("1\n2\n3\n", ["3", "2", "1"]).clustersOfLabel == [[2], [1], [0]])
    #expect(try read("0\n2\n1\n", ["3", "2", "1"]).kind == .columns)
    #expect(try read("0\n2\n1\n", ["3", "2", "1"]).labels == ["3", "2", "1"])
    #expect(try read("0\n1\n2\n", ["0", "1", "2"]).kind == .columns)
    #expect(try read("7\n8\n7\n", ["7", "8", "x"]).kind == .names)
    #expect(try read("1.5\n2\n3\n", ["a", "b"]).kind == .names)
    #expect(try read("5\n70\n", ["a", "b"]).kind == .numbers)
    let directory = try TemporaryDirectory()
    let file = try LabelFile(directory.write("0\n1\n2\n", to: "x"), clusterNames: ["cat", "dog", "1"])
    #expect(file.isOfIntegers && file.remarks.namedColumns.map(\.text) == ["1"])
  }

  @Test("Labels from 1 to K are seen to be counted from 1")
  func fromOne() throws {
    #expect(try read("1\n2\n3\n", ["a", "b", "c"]).isCountedFromOne)
    #expect(try !read("1\n2\n4\n", ["a", "b", "c"]).isCountedFromOne)
    #expect(try !read("0\n2\n3\n", ["a", "b", "c"]).isCountedFromOne)
    #expect(try !read("1\n2\n", ["a", "b", "c"]).isCountedFromOne)
  }

  @Test("A label that is the name of two clusters stands for both, and a number for the one")
  func sharedNames() throws {
    let clusters = ["crane", "dog", "crane"]
    let named = try read("crane\ndog\ncrane\ndog\n", clusters)
    #expect(named.labels == ["crane", "dog"] && named.clustersOfLabel == [[0, 2], [1]])
    // Rows are in the clusters 0, 1, 2, 0.
    let hierarchy = try ClusterHierarchy.joining([(0, 1), (2, 3)], names: clusters)
    #expect(LabelEvaluation(hierarchy, named).figures.topAccuracy == 0.75)
    let numbers = try read("0\n1\n0\n1\n", clusters)
    #expect(numbers.labels == ["crane", "dog"] && numbers.clustersOfLabel == [[0], [1]])
    #expect(LabelEvaluation(hierarchy, numbers).figures.topAccuracy == 0.5)
  }

  @Test("Names that look alike are different labels, with different clusters")
  func alike() throws {
    let names = ["\u{90CE}", "\u{F92C}", "\u{C5}", "\u{212B}"]
    let found = try read(names.joined(separator: "\n"), names)
    #expect(found.labels.count == 4 && Set(found.clustersOfLabel) == [[0], [1], [2], [3]])
  }

  @Test(
    "A column is found by its name in what pandas and R write, with other separators, and in a file of another name",
    arguments: [
      (",label\n0,1\n1,0\n", "x.csv:label"), ("\"\",\"label\"\n\"1\",1\n\"2\",0\n", "x.csv:label"),
      (",label\n0,1\n1,0\n", "x.csv"), ("id\tlabel\n0\t1\n1\t0\n", "x.tsv:label"), ("a;b;\n9;1;2\n9;0;2\n", "x.csv:b"),
      ("id|label\n0|1\n1|0\n", "x.dat:label"), ("id, label\r0,1\r1,0\r", "x.csv:label"), ("label\n1\n0\n", "x.csv"),
      ("\u{FEFF}label\r\n1\r\n0", "x.CSV:label"),
    ])
  func columns(text: String, name: String) throws {
    let directory = try TemporaryDirectory()
    try directory.write(text, to: String(name.prefix { $0 != ":" }))
    let file = try LabelFile(directory.path(name), clusterNames: ["p", "q"])
    var counter = LabelCounter(file, clusters: 2)
    try counter.count(from: 0, [0, 0])
    #expect(try counter.labelling(clusterNames: ["p", "q"], labelNames: nil).clustersOfLabel == [[0], [1]])
  }

  @Test("No more labels are read than there are rows")
  func bounded() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(String(repeating: "a\n", count: 10), to: "x")
    #expect(try LabelFile(path, clusterNames: [], mostRows: 10).count == 10)
    let error = try #require(throws: EvaluationError.self) { try LabelFile(path, clusterNames: [], mostRows: 9) }
    #expect("\(error)".hasSuffix("has more labels than there are rows, and there are 9 rows"))
  }
}
