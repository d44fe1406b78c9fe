import Foundation
import Hierarchy
import TestSupport
import Testing

@Suite("Merges as CSV, Graphviz and JSON")
struct TextFormatTests {
  @Test("The CSV has a header and a line for each merge, with digits enough to read numbers back")
  func csv() throws {
    let third = 1.0 / 3
    var merges = try ClusterHierarchy.joining([(1, 0)], names: ["a", "b"]).merges
    merges[0].score = third
    merges[0].gap = 1e-13
    let clusters = [
      ClusterHierarchy.Cluster(name: "a", samples: 1, meanProbability: 1),
      .init(name: "b", samples: 1, meanProbability: 1),
    ]
    let text = try ClusterHierarchy(clusters: clusters, merges: merges).mergesCSV()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines[2].isEmpty)
    #expect(lines[0] == "step,lowest,partner,node,clusters,samples,score,gap,reassigned,share,margin,evidence")
    #expect(lines[1] == "1,1,0,2,2,20,0.3333333333333333,1e-13,1.5,0.75,0.125,exact")
    #expect(try ClusterHierarchy.single().mergesCSV() == lines[0] + "\n")
  }

  @Test(
    "A Graphviz label shows the name as it is",
    arguments: [
      ("plain", #""plain""#), (#"say "hi""#, #""say \"hi\"""#), (#"C:\n"#, #""C:\\n""#), ("a\nb", #""a\nb""#),
      ("Grün <b>&", #""Grün <b>&""#), ("R&D, AT&T", #""R&D, AT&T""#),
      ("&lt;&#60;&#x3c;&;", #""&amp;lt;&amp;#60;&amp;#x3c;&;""#),
      ("\u{1B}[0m\r", #""\\u{1b}[0m\\u{d}""#),
      ("a\u{202E}b\u{200D}c", "\"a\\\\u{202e}b\u{200D}c\""),
    ])
  func dotLabels(name: String, quoted: String) throws {
    let text = try ClusterHierarchy.single(name: name).dot()
    #expect(text.contains("  n0 [label=\(quoted)];\n"))
  }

  @Test("A Graphviz graph has a node for each cluster and merge, and two edges for each merge")
  func dotGraph() throws {
    let text = try ClusterHierarchy.joining([(1, 3), (4, 5)], names: ["a", "b", "c", "d", "e"], empty: [0, 2]).dot()
    #expect(text.hasPrefix("digraph hierarchy {\n") && text.hasSuffix("}\n"))
    let lines = Set(text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
    #expect(
      lines.filter { $0.contains("label=") } == Set(["n1 [label=\"b\"];", "n3 [label=\"d\"];", "n4 [label=\"e\"];"]))
    #expect(lines.filter { $0.contains("->") } == Set(["n6 -> n4;", "n6 -> n5;", "n5 -> n1;", "n5 -> n3;"]))
    #expect(lines.filter { $0.contains("shape=point") }.count == 2)
  }

  @Test("JSON holds clusters, merges and the nested tree, whatever the names")
  func json() throws {
    let awkward =
      (0..<0x20).compactMap { Unicode.Scalar($0) }.map { String(Character($0)) }.joined()
      + "\"\\/\u{7F}é\u{1F600}\u{2028}"
    let tree = try ClusterHierarchy.joining([(1, 3), (4, 5)], names: ["a", "b", "c", awkward, "e"], empty: [0, 2])
    let parsed = try JSONSerialization.jsonObject(with: Data(tree.json().utf8))
    let root = try #require(parsed as? [String: Any])

    let clusters = try #require(root["clusters"] as? [[String: Any]])
    #expect(clusters.compactMap { $0["name"] as? String } == ["a", "b", "c", awkward, "e"])
    #expect(clusters.compactMap { $0["samples"] as? Int } == [0, 10, 0, 10, 10])
    #expect(clusters.map { $0["mean_probability"] as? Double } == [nil, 0.5, nil, 0.5, 0.5])
    #expect(root["empty"] as? [Int] == [0, 2])

    let merges = try #require(root["merges"] as? [[String: Any]])
    #expect(merges.compactMap { $0["lowest"] as? Int } == [1, 4])
    #expect(merges.compactMap { $0["partner"] as? Int } == [3, 5])
    #expect(merges.compactMap { $0["score"] as? Double } == [0.5, 1.5])
    #expect(
      Set(merges[0].keys)
        == Set(
          "step,lowest,partner,node,clusters,samples,score,gap,reassigned,share,margin,evidence".split(separator: ",")
            .map(String.init)))

    let top = try #require(root["tree"] as? [String: Any])
    #expect(top["name"] as? String == "6" && top["samples"] as? Int == 30 && top["height"] as? Int == 2)
    let children = try #require(top["children"] as? [[String: Any]])
    #expect(children.compactMap { $0["name"] as? String } == ["e", "5"])
    #expect(children[0]["children"] == nil)
    let grandchildren = try #require(children[1]["children"] as? [[String: Any]])
    #expect(grandchildren.compactMap { $0["name"] as? String } == ["b", awkward])
  }

  @Test("JSON of one leaf is one node")
  func jsonLeaf() throws {
    let parsed = try JSONSerialization.jsonObject(with: Data(ClusterHierarchy.single().json().utf8))
    let root = try #require(parsed as? [String: Any])
    #expect((root["tree"] as? [String: Any])?["name"] as? String == "only")
    #expect((root["merges"] as? [Any])?.isEmpty == true)
  }

  @Test("A chain of 20,000 merges is written in every format")
  func chain() throws {
    let count = 20_001
    let tree = try ClusterHierarchy.chain(count)
    #expect(tree.newick().utf8.filter { $0 == UInt8(ascii: "(") }.count == count - 1)
    #expect(tree.json().utf8.filter { $0 == UInt8(ascii: "[") }.count == count + 2)
    #expect(tree.dot().utf8.filter { $0 == UInt8(ascii: ">") }.count == 2 * (count - 1))
    #expect(tree.mergesCSV().utf8.filter { $0 == UInt8(ascii: "\n") }.count == count)
    #expect(tree.linkageNPY().count == 128 + 32 * (count - 1))
    #expect(tree.leaves(below: tree.root).count == count)
  }
}
