import Evaluation
import Hierarchy
import TestSupport
import Testing

@Suite("Reading Newick")
struct NewickReaderTests {
  private func tree(_ text: String) throws -> RootedTree { try reference(text, kind: .newick).tree }

  @Test("Labels, comments, lengths, blanks and nodes of any number of children")
  func grammar() throws {
    let text = """
      [a tree [of trees]; (really)]
      ( 'it''s, (odd): [x]' : 1.5e-3 , snake_case[note]:-2, (,A:0.1,
      \t'') inner_node :7 , (only)100)root:0;
      [&R] \r

      """
    let tree = try tree(text)
    #expect(tree.parents == [0, 0, 0, 0, 3, 3, 3, 0, 7])
    #expect(tree.labels == ["root", "it's, (odd): [x]", "snake case", "inner node", "", "A", "", "100", "only"])
    #expect(tree.leafNames == ["it's, (odd): [x]", "snake case", "", "A", "", "only"])
  }

  @Test("A single leaf is a tree") func single() throws {
    #expect(try tree("only;").labels == ["only"])
    #expect(try tree(";").labels == [""])
  }

  @Test(
    "What is no Newick is an error that says where",
    arguments: [
      ("(a,b)", "line 1, column 6: the text ends without a semicolon"),
      ("(a,\n(b,c;", "line 2, column 1: this bracket is not closed"),
      ("(a,(b", "line 1, column 4: this bracket is not closed"),
      ("a,b;", "line 1, column 2: a comma outside all brackets"),
      ("(a,b));", "line 1, column 6: a bracket is closed that was not opened"),
      ("(a,b);\n (c,d);", "line 2, column 2: the tree has ended"),
      ("(a,'b);", "line 1, column 4: this quote is not closed"),
      ("(a,[b);", "line 1, column 4: this comment is not closed"),
      ("(a:x,b);", "line 1, column 4: 'x' is no branch length"),
      ("(a:,b);", "line 1, column 4: '' is no branch length"),
      ("(a:nan,b);", "line 1, column 4: 'nan' is no branch length"),
      ("(two words,b);", "line 1, column 6: 'w' where a comma"),
      ("(it's,b);", "line 1, column 4: ''' where a comma"),
      ("('a'b,c);", "line 1, column 5: 'b' where a comma"),
      ("(a(b,c));", "line 1, column 3: '(' where a comma"),
      ("(\"a, b\",c);", "line 1, column 2: labels are quoted with single quotes"),
      ("", "line 1, column 1: the text ends without a semicolon"),
    ])
  func errors(text: String, message: String) throws {
    let error = try #require(throws: EvaluationError.self) { try tree(text) }
    #expect("\(error)".contains("reference, " + message))
  }

  @Test("What the program writes is read as the same tree, whatever the names", arguments: seeds(100))
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let random = try ClusterHierarchy.random(generator.int(2...40), &generator)
    let pieces = [
      "a", "'", "\"", "_", " ", ",", "(", ")", "[", "]", ":", ";", "\n", "\t", "é", "\u{301}", "日本", "1e5", "👩‍👩‍👧", "#",
    ]
    let clusters = random.clusters.map { cluster in
      var cluster = cluster
      cluster.name = (0..<generator.int(0...6)).map { _ in pieces[generator.int(0...pieces.count - 1)] }.joined()
      return cluster
    }
    let hierarchy = try ClusterHierarchy(clusters: clusters, merges: random.merges)
    let expected = RootedTree(hierarchy)
    let found = try tree(hierarchy.newick())
    #expect(found.parents == expected.parents)
    #expect(found.leafNames.map { Array($0.unicodeScalars) } == expected.leafNames.map { Array($0.unicodeScalars) })
    // Steps are given as branch lengths, so that it can be cut where the hierarchy can.
    #expect(found.heights == expected.heights)
  }

  @Test("A chain of 20,000 clusters too")
  func chain() throws {
    let hierarchy = try ClusterHierarchy.chain(20_000)
    let found = try tree(hierarchy.newick())
    #expect(found.parents == RootedTree(hierarchy).parents)
    #expect(found.heights == RootedTree(hierarchy).heights)
  }

  @Test("Without lengths that put all leaves at one distance, nodes of equal depth are of equal height")
  func heights() throws {
    #expect(try tree("((a,b),(c,(d,e)));").heights == [3, 2, 0, 0, 2, 0, 1, 0, 0])
    #expect(try tree("((a:1,b:1):2,(c:2,(d:1,e:1):1):1);").heights == [3, 1, 0, 0, 2, 0, 1, 0, 0])
    #expect(try tree("((a:1,b:1):2,(c:2,(d:1,e:1):1):2);").heights == [3, 2, 0, 0, 2, 0, 1, 0, 0])
    // What is joined at one distance is still joined one after another.
    #expect(try tree("((a:1,b:1):2,(c:3,(d:1,e:1):2):0);").heights == [3, 1, 0, 0, 2, 0, 1, 0, 0])
    #expect(try tree("((a:0,b:0):0,c:0);").heights == [2, 1, 0, 0, 0])
  }
}
