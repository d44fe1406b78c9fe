import Report
import Testing

@Suite("Text of reports")
struct TextTests {
  @Test(
    "Numbers have commas between thousands",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1_281_167, "-1,281,167"), (.min, "-9,223,372,036,854,775,808"),
    ])
  func grouped(number: Int, text: String) { #expect(Text.grouped(number) == text) }

  @Test(
    "Digits after the point are as many as asked for",
    arguments: [
      (0.0005, 3, "0.001"), (0.125, 2, "0.12"), (2.5, 0, "2"), (-0.0, 1, "-0.0"), (12.3, 4, "12.3000"),
      (.infinity, 2, "inf"), (-.infinity, 0, "-inf"), (.nan, 1, "nan"),
    ])
  func fixed(number: Double, digits: Int, text: String) { #expect(Text.fixed(number, digits: digits) == text) }

  @Test("The largest number is written in full")
  func longest() {
    let text = Text.fixed(-.greatestFiniteMagnitude, digits: 100)
    #expect(
      text.count == 1 + 309 + 1 + 100 && text.hasPrefix("-179769313486231570")
        && text.hasSuffix("8368.\(String(repeating: "0", count: 100))"))
  }

  @Test(
    "Significant digits are as many as asked for, without zeros at the end",
    arguments: [
      (0.0, 3, "0"), (0.12345, 3, "0.123"), (12.345, 3, "12.3"), (1.2345e-7, 3, "1.23e-07"),
      (1_234_567, 6, "1.23457e+06"),
      (99.95, 3, "100"), (100, 3, "100"), (.infinity, 6, "inf"),
    ])
  func significant(number: Double, digits: Int, text: String) {
    #expect(Text.significant(number, digits: digits) == text)
  }

  @Test("One of a thing is one, more are several")
  func count() {
    #expect(Text.count(1, "row") == "1 row" && Text.count(2000, "row") == "2,000 rows")
    #expect(Text.count(2, "pass", plural: "passes") == "2 passes" && Text.count(0, "row") == "0 rows")
  }

  @Test("A name moves no cursor, and does not turn what follows it")
  func printable() {
    #expect(Text.shown("a\tb\r\nc\u{2028}d") == #"a\u{9}b\u{d}\u{a}c\u{2028}d"#)
    #expect(Text.shown("\u{1B}[31mred\u{202E}\u{2067}x\u{200B}") == #"\u{1b}[31mred\u{202e}\u{2067}x\u{200b}"#)
    #expect(Text.shown("日本 👩‍🚀 e\u{301} \u{FFFE}") == "日本 👩‍🚀 e\u{301} " + #"\u{fffe}"#)
  }

  @Test("A name of blanks alone is seen; others keep theirs")
  func blanks() {
    #expect(Text.shown(" ") == #"\u{20}"# && Text.shown("\u{3000}\u{200D}") == #"\u{3000}\u{200d}"#)
    #expect(Text.shown(" the") == " the" && Text.shown("") == "" && Text.visible(" ") == " ")
  }

  @Test(
    "Of what is shown it can be told what was meant",
    arguments: [
      (#"\u{1b}"#, #"\\u{1b}"#), ("\\\u{1B}", #"\\\u{1b}"#), (#"\\u{1b}"#, #"\\\\u{1b}"#),
      (#"C:\new\dir"#, #"C:\new\dir"#),
      (#"\tau"#, #"\tau"#), ("\u{1B}\\", #"\u{1b}\"#),
    ])
  func backslashes(text: String, shown: String) { #expect(Text.visible(text) == shown) }

  @Test("A message has the line ends of its own words, and none of what is put into it")
  func message() {
    let path = "a\n\u{1B}[31mb"
    let message: Message = "\(path): no\nsuch \(3)"
    #expect(message.text == "a\\u{a}\\u{1b}[31mb: no\nsuch 3")
    let outer: Message = "\(message); \(name: " "), \(names: ["x\r", "\u{A0}", "z"], most: 2)"
    #expect(outer.text == message.text + #"; \u{20}, x\u{d}, \u{a0}, …"#)
  }

  @Test("Lists of names end in an ellipsis, or in how many more there are")
  func lists() {
    #expect(
      Text.list([]) == "" && Text.list(["a", "b"], most: 2) == "a, b" && Text.list(["a", "b"], most: 1) == "a, …")
    #expect(NameList.line("of: ", ["one", "two"], columns: 20) == "of: one, two")
    #expect(NameList.line("of: ", ["one", "two", "three"], columns: 15) == "of: one +2")
    #expect(NameList.line("of: ", ["日本語", "日本語"], columns: 17) == "of: 日本語 +1")
  }

  @Test("Tables are aligned by the columns that characters take in a terminal")
  func aligned() {
    var table = AlignedTable([.init("name", most: 8), .init("rows", .right), .init("empty"), .init("last")])
    table.add(["日本語", "60", "", "a"])
    table.add(["long\nenough name", "1,000"], below: ["  below"])
    #expect(
      table.text == """
        name       rows  last
        日本語       60  a
        long\\u{…  1,000
          below

        """)
    #expect(table.lines.count == 4)
  }
}
