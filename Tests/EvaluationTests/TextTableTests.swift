import Evaluation
import Foundation
import TestSupport
import Testing

@Suite("Tables as CSV")
struct TextTableTests {
  private func table(_ text: String) throws -> TextTable {
    let directory = try TemporaryDirectory()
    let path = directory.path("table.csv")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try TextTable(TextFile(path))
  }

  @Test("Quotes, blanks around fields, any line ends and a byte order mark")
  func reading() throws {
    let table = try table("\u{FEFF}class, group\r\n\"a, \"\"b\"\"\",x\r\n c , y \r\n\r\nd,\r\n")
    #expect(table.header == ["class", "group"])
    #expect(table.rows == [["a, \"b\"", "x"], ["c", "y"], ["d", ""]])
  }

  @Test(
    "What is no table is an error that says where",
    arguments: [
      ("", "line 1: has no header that names each column"),
      ("a,\n1,2\n", "line 1: has no header that names each column"),
      ("a,b\n1,2\n1,2,3\n", "record 2: has more fields than the 2 of the header"),
      ("a,b\n\"1,2\n", ": a quoted field is not closed"),
      ("a,b\n\"1\"x,2\n", ": is no comma-separated table: \"x\" comes right after a quote"),
      ("a,b\n1\"x\",2\n", ": is no comma-separated table: \"x\" comes right after a quote"),
    ])
  func errors(text: String, message: String) throws {
    let error = try #require(throws: EvaluationError.self) { try table(text) }
    #expect("\(error)".hasSuffix(message))
  }

  @Test(
    "Blanks of any kind are taken from around fields, and none from within",
    arguments: [" \t", "\u{A0}", "\u{3000}\u{2003}", "\u{200B}", "\u{202F}\u{205F}\u{1680}"])
  func blanks(blank: String) throws {
    let table = try table("\(blank)a\(blank)b\(blank),c\n\(blank)1\(blank),\(blank)\n")
    #expect(table.header == ["a\(blank)b", "c"] && table.rows == [["1", ""]])
    #expect("\(blank)\(blank)".withoutOuterBlanks == "" && "\nx\n".withoutOuterBlanks == "\nx\n")
  }

  @Test(
    "Records may be shorter than the header, even all of them",
    arguments: [
      ("a,b\n1\n", [["1", ""]]), ("a,b\n1\n2,3", [["1", ""], ["2", "3"]]), ("a,b\n1,", [["1", ""]]), ("a,b", []),
      ("a,b\n,2\n \"1\" ,\"x\ny\"\n", [["", "2"], ["1", "x\ny"]]), ("a,b\n1\"\"2,3\"\"", [["1\"2", "3\""]]),
    ])
  func short(text: String, rows: [[String]]) throws { #expect(try table(text).rows == rows) }
}
