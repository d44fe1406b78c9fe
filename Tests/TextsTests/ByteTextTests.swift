import Testing
import Texts

struct ByteTextTests {
  /// Pairs that are canonically equivalent, so that Swift's strings take them for the same.
  private static let alike = [
    ("\u{90CE}", "\u{F92C}"), ("\u{C5}", "\u{212B}"), ("\u{E9}", "e\u{301}"), (";", "\u{37E}"),
  ]

  @Test("Texts that look alike are different where their bytes are", arguments: alike)
  func identity(first: String, second: String) {
    #expect(first == second, "to Swift's strings these are the same")
    #expect(ByteText(first) != ByteText(second))
    #expect(Set([ByteText(first), ByteText(second)]).count == 2)
    #expect(!first.hasSameBytes(as: second))
    #expect((ByteText(first) < ByteText(second)) != (ByteText(second) < ByteText(first)))
    #expect(!["a", first].containsBytes(of: second))
    #expect(!["a", first].hasSameBytes(as: ["a", second]))
  }

  @Test("A part of a string is the same text as a string of its own")
  func parts() {
    let text = "one,two"
    #expect(ByteText(text.dropFirst(4)) == ByteText("two"))
    #expect(ByteText(text.dropFirst(4)).hashValue == ByteText("two").hashValue)
  }

  @Test("Order is that of bytes")
  func order() {
    let texts: [ByteText] = ["\u{212B}", "b", "\u{C5}", "", "a", "ab"]
    #expect(texts.sorted() == ["", "a", "ab", "b", "\u{C5}", "\u{212B}"])
  }

  @Test("A mark that combines with the character before it hides no beginning and no end")
  func ends() {
    #expect("#\u{301}1".hasBytePrefix("#") && !"#\u{301}1".hasPrefix("#"))
    #expect("x.npy".hasByteSuffix(".npy") && !"x.npy".hasByteSuffix("x.npyx"))
  }
}
