import Evaluation
import TestSupport
import Testing

@Suite("Tables as CSV")
struct TextTableTests {
  private func table(_ text: String) throws -> TextTable {
    let directory = try TemporaryDirectory()
    return try TextTable(reading: directory.write(text, to: "table.csv"))
  }

  @Test("Quotes, any line ends, blank lines and a byte order mark")
  func reading() throws {
    let table = try table("\u{FEFF}class,group\r\n\"a, \"\"b\"\"\",x\r c , y \r\n\r\nd,\n\"1\r\n2\",\"\"\n")
    #expect(table.header == ["class", "group"])
    #expect(table.rows == [["a, \"b\"", "x"], [" c ", " y "], ["d", ""], ["1\r\n2", ""]])
    #expect(table.lines == [2, 3, 5, 6])
  }

  @Test(
    "What is no table is an error that says where",
    arguments: [
      ("", "line 1: has no header that names each column"),
      ("\na,b\n", "line 1: has no header that names each column"),
      ("a,\n1,2\n", "line 1: has no header that names each column"),
      ("a,b\n1,2\n1,2,3\n", "line 3: has 3 fields, and the header has 2"),
      ("a,b\r1,\"x\ry\"\r1\r", "line 4: has 1 field, and the header has 2"),
      ("a;b\n1;2\n1,2\n", "line 3: has 1 field, and the header has 2, with semicolons between"),
      ("a,b\n\n\"1,2\n", "line 3: a quoted field begins here that is not closed"),
      ("a,b\n\"1\"x,2\n", "line 2: something comes right after the quote that ends a field"),
      ("a,b\n1\"x\",2\n", "line 2: a quote within a field; such fields go in quotes, with two quotes for one"),
      ("a,b\n1, \"x\"\n", "line 2: a quote within a field; such fields go in quotes, with two quotes for one"),
    ])
  func errors(text: String, message: String) throws {
    let error = try #require(throws: EvaluationError.self) { try table(text) }
    #expect("\(error)".hasSuffix(message), "\(error)")
  }

  @Test(
    "Blanks and marks of any kind are part of fields, also next to separators and quotes",
    arguments: [" ", "\u{A0}", "\u{3000}\u{2003}", "\u{200B}", "\u{301}", "\u{2028}", "\u{85}", "\u{B}\u{C}", "\u{1}"])
  func blanks(mark: String) throws {
    let table = try table("\(mark)a\(mark)b\(mark),c\n\(mark)1\(mark),\(mark)\n\"\(mark)\",\(mark)")
    #expect(table.header.map { Array($0.utf8) } == ["\(mark)a\(mark)b\(mark)", "c"].map { Array($0.utf8) })
    #expect(
      table.rows.map { $0.map { Array($0.utf8) } }
        == [["\(mark)1\(mark)", mark], [mark, mark]].map { $0.map { Array($0.utf8) } })
  }

  @Test(
    "Semicolons, tabs and bars separate as well, as the header has them outside of quotes",
    arguments: [
      ("a;b\n1;2,5\n", [["1", "2,5"]]), ("a\tb\n1;\t2\n", [["1;", "2"]]), ("a|b\n\"|\"|2\n", [["|", "2"]]),
      ("\"a;x\",b\n1;,2\n", [["1;", "2"]]), ("a;x,b\n1,2\n", [["1", "2"]]), ("a;x,b\n1;2\n", [["1", "2"]]),
      ("a\nb;c\n", [["b;c"]]),
    ])
  func separators(text: String, rows: [[String]]) throws { #expect(try table(text).rows == rows) }

  @Test("A first column that only numbers rows needs no name, and is left out; another stays")
  func index() throws {
    #expect(try table(",a,b\n0,x,y\n1,z,w\n").rows == [["x", "y"], ["z", "w"]])
    #expect(try table("\"\",\"a\",\"b\"\n\"1\",x,y\n\"2\",z,w\n").header == ["a", "b"])
    #expect(try table(",a,b\ncat,x,y\n").rows == [["cat", "x", "y"]])
    #expect(try table(",a\n0,x\n").rows == [["0", "x"]])
  }

  @Test("What is not UTF-8 is an error that names the line, and so are UTF-16 and UTF-32")
  func encodings() throws {
    let directory = try TemporaryDirectory()
    func error(_ bytes: [UInt8]) throws -> String {
      let path = try directory.write(bytes, to: "table.csv")
      return "\(try #require(throws: EvaluationError.self) { try TextTable(reading: path) })"
    }
    #expect(
      try error(Array("a,b\n1,2\ncaf".utf8) + [0xE9, 0x2C, 0x31]).hasSuffix("table.csv, line 3: is not UTF-8 text"))
    #expect(try error([0xFF, 0xFE, 0x61, 0, 0x2C, 0]).hasSuffix("is text in UTF-16 or UTF-32, where UTF-8 is read"))
    #expect(try error([0x61, 0, 0x2C, 0, 0x62, 0]).contains("UTF-16"))
    #expect(try error([0, 0, 0, 0x61, 0, 0, 0, 0x2C]).contains("UTF-32"))
  }
}
