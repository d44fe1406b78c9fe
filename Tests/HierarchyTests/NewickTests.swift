import Hierarchy
import TestSupport
import Testing

@Suite("Newick")
struct NewickTests {
  @Test("Branches are as long as heights differ")
  func lengths() throws {
    #expect(try ClusterHierarchy.four().newick() == "((b:1,c:1):2,(a:2,d:2):1);\n")
    #expect(try ClusterHierarchy.single().newick() == "only;\n")
  }

  @Test("Empty clusters are not in it")
  func empty() throws {
    let tree = try ClusterHierarchy.joining([(1, 3), (4, 5)], names: ["a", "b", "c", "d", "e"], empty: [0, 2])
    #expect(tree.newick() == "(e:2,(b:1,d:1):1);\n")
  }

  @Test(
    "Names that mean something in Newick are quoted",
    arguments: [
      ("plain", "plain"), ("a.b-c+1", "a.b-c+1"), ("two words", "'two words'"), ("a,b", "'a,b'"), ("it's", "'it''s'"),
      ("'", "''''"), ("f(x)", "'f(x)'"), ("a:b", "'a:b'"), ("a;b", "'a;b'"), ("snake_case", "'snake_case'"),
      ("[comment]", "'[comment]'"), ("Grün", "'Grün'"), ("日本", "'日本'"), ("", "''"), ("\"", "'\"'"), ("a\tb", "'a\tb'"),
      ("'\u{301}x", "'''\u{301}x'"),
    ])
  func quoting(name: String, label: String) throws {
    let text = try ClusterHierarchy.single(name: name).newick()
    #expect(Array(text.unicodeScalars) == Array("\(label);\n".unicodeScalars))
  }

  /// Names, commas and brackets of a Newick text, with quotes taken away and branch lengths checked to be numbers.
  private func tokens(_ text: String) throws -> [String] {
    var tokens: [String] = []
    var rest = Array(text.unicodeScalars)[...]
    while let next = rest.popFirst() {
      switch next {
      case "(", ")", ",", ";": tokens.append(String(Character(next)))
      case "\n": break
      case ":":
        let digits = rest.prefix { ("0"..."9").contains($0) }
        _ = try #require(Int(String(String.UnicodeScalarView(digits))))
        rest = rest.dropFirst(digits.count)
      case "'":
        var name = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
          if scalar == "'" {
            guard rest.first == "'" else { break }
            rest.removeFirst()
          }
          name.append(scalar)
        }
        tokens.append("name " + String(name))
      default:
        let more = rest.prefix { !"():,;'".unicodeScalars.contains($0) }
        tokens.append("name " + String(String.UnicodeScalarView([next] + more)))
        rest = rest.dropFirst(more.count)
      }
    }
    return tokens
  }

  @Test("A reader gets the names back")
  func readBack() throws {
    let names = ["it's, (all): 'odd'", "''", "under_score; [x]", "Ζεύς\u{301}'\u{301}"]
    let text = try ClusterHierarchy.four(names: names).newick()
    let expected = [
      "(", "(", "name " + names[1], ",", "name " + names[2], ")", ",", "(", "name " + names[0], ",", "name " + names[3],
      ")", ")", ";",
    ]
    #expect(try tokens(text) == expected)
  }
}
