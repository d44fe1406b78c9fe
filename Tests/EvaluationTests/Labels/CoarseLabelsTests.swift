import Evaluation
import TestSupport
import Testing

@Suite("Coarser labels")
struct CoarseLabelsTests {
  private let fine = Labelling(
    name: "labels", labels: ["a", "b", "c", "d"], table: CountTable([[1, 2, 0, 0], [0, 4, 5, 6]]), unlabelledRows: 3)

  private func coarse(_ text: String) throws -> CoarseLabels {
    let directory = try TemporaryDirectory()
    return try CoarseLabels(TextTable(reading: directory.write(text, to: "coarse.csv")))
  }

  @Test("Each column makes a labelling; what has no coarser label is left out")
  func columns() throws {
    let table = try coarse("class,branch,family\nb,y,F\na,x,F\nc,,F\nz,w,G\n")
    let found = try table.labellings(of: fine)
    #expect(table.missing(from: fine) == ["d"])
    #expect(found.map(\.name) == ["branch", "family"])
    #expect(found[0].labels == ["x", "y"] && found[1].labels == ["F"])
    #expect(found[0].table == CountTable([[1, 2], [0, 4]]) && found[1].table == CountTable([[3], [9]]))
    #expect(found.map(\.unlabelledRows) == [3 + 11, 3 + 6])
  }

  @Test(
    "What can't be used is an error that says why",
    arguments: [
      ("class\na\n", "has one column"),
      ("class,x\na,1\nb,1\na,2\n", "line 4: the label a was there before"),
      ("class,x\na,1\n,1\n", "line 3: names no label"),
      ("class,x\nz,1\n", "column x: has nothing for any label there is, as for a"),
      ("class,x,y\na,1,\nb,1,\n", "column y: has nothing for any label there is, as for a"),
    ])
  func errors(text: String, message: String) throws {
    let error = try #require(throws: EvaluationError.self) { try coarse(text).labellings(of: fine) }
    #expect("\(error)".contains(message), "\(error)")
  }
}
