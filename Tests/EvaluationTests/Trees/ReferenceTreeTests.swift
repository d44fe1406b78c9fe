import Evaluation
import Hierarchy
import TestSupport
import Testing

@Suite("References")
struct ReferenceTreeTests {
  @Test("A taxonomy is a tree with a level for each column; empty cells are skipped")
  func taxonomy() throws {
    let reference = try reference("class,branch,family\nx,B,F\ny,,F\n\"z, z\",C,F\nw,,\nv,B,F\n")
    #expect(reference.kind == .taxonomy)
    #expect(reference.levelNames == ["branch", "family"])
    #expect(reference.tree.labels == ["", "F", "B", "x", "v", "y", "C", "z, z", "w"])
    #expect(reference.tree.parents == [0, 0, 1, 2, 2, 1, 1, 6, 0])
    #expect(reference.tree.heights == [3, 2, 1, 0, 0, 0, 1, 0, 0])
  }

  @Test("A group may have the name of another level's")
  func sameNames() throws {
    let tree = try reference("class,branch,family\nBasque,Basque,Basque\nx,y,z\n").tree
    #expect(tree.labels == ["", "Basque", "Basque", "Basque", "z", "y", "x"])
  }

  @Test("Edges are a tree; several roots are joined, and a class with classes below gets a leaf of its name")
  func edges() throws {
    let text = "Child, Parent\nhusky,dog\ncat,animal\ndog,animal\nanimal,\ncar,thing\nhusky,dog\n"
    let reference = try reference(text, classes: ["husky", "dog", "cat", "car"])
    #expect(reference.kind == .edges)
    #expect(reference.tree.leafNames.sorted() == ["car", "cat", "dog", "husky"])
    let clades = Set(reference.tree.clades)
    #expect(clades.isSuperset(of: [["husky", "dog"], ["husky", "dog", "cat"], ["car"]]))
  }

  @Test(
    "What a file is, is seen from its beginning",
    arguments: [
      ("(a,b);", ReferenceTree.Kind.newick), (" [note] (a,b);", .newick), ("\n(a,(b,c));", .newick),
      ("child,parent\na,b\n", .edges), ("\"Child\",\"Parent\"\na,b\n", .edges),
      ("class,group\na,b\n", .taxonomy), ("child,parent,more\na,b,c\n", .taxonomy),
    ])
  func kinds(text: String, kind: ReferenceTree.Kind) throws {
    #expect(try reference(text).kind == kind)
  }

  @Test(
    "What makes no tree is an error that says where and why",
    arguments: [
      ("class,branch\na,X\n,Y\n", "line 3: has no class"),
      ("class,branch,family\na,B,F\nc,B,G\n", "line 3: branch 'B' lies in 'G' here, but in 'F' in line 2"),
      ("class,branch,family\na,B,F\nc,B,\n", "line 3: branch 'B' lies in no group here, but in 'F' in line 2"),
      ("class,branch\na,X\nb,X\na,Y\n", "line 4: class 'a' lies in 'Y' here, but in 'X' in line 2"),
      ("child,parent\na,b\na,c\n", "line 3: 'a' lies below 'c' here, but below 'b' in line 2"),
      ("child,parent\na,b\nb,c\nc,a\n", "lies below itself"),
      ("child,parent\na,a\n", "line 2: 'a' lies below itself"),
      ("child,parent\n,a\n", "line 2: has no child"),
      ("just text\n", "line 1: is neither Newick"),
      ("", "is empty, where a tree or a taxonomy should be"), (" \n\n", "is empty"),
      ("#NEXUS\nbegin trees;\n", "is a NEXUS file"),
    ])
  func errors(text: String, message: String) throws {
    let error = try #require(throws: EvaluationError.self) { try reference(text) }
    #expect("\(error)".contains(message), "\(error)")
  }

  @Test("A kind that is given is what is read")
  func given() throws {
    #expect(try reference("child,parent\na,b\n", kind: .taxonomy).levelNames == ["parent"])
    #expect(throws: EvaluationError.self) { try reference("class,group\na,b\n", kind: .edges) }
    #expect(throws: EvaluationError.self) { try reference("class,group\na,b\n", kind: .newick) }
    #expect(throws: EvaluationError.self) { try reference("only\n", kind: .taxonomy) }
    #expect(throws: EvaluationError.self) { try reference("(a,b);", kind: .store) }
  }

  @Test("Columns that are not nested are labellings of their own; the first group that is in two is named")
  func labellings() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      "class,origin,use\nhtml,web,text\nzip,disk,binary\ngif,web,binary\nini,,text\n", to: "t.csv")
    let (trees, notNested) = try TreeFile(opening: path).trees(classes: [], leafNames: nil)
    #expect(trees.map(\.column) == ["origin", "use"])
    #expect(trees.map(\.levelNames) == [["origin"], ["use"]])
    #expect(trees[0].tree.labels == ["", "web", "html", "gif", "disk", "zip", "ini"])
    #expect(Set(trees[1].tree.clades).contains(["zip", "gif"]))
    #expect(
      try #require(notNested).description.contains(
        "line 4: origin 'web' lies in 'binary' here, but in 'text' in line 2"))
    // A class that is in two groups of one column is none of either.
    let wrong = try directory.write("class,origin,use\nhtml,web,text\nhtml,web,binary\n", to: "w.csv")
    let error = try #require(throws: EvaluationError.self) {
      try TreeFile(opening: wrong).trees(classes: [], leafNames: nil)
    }
    #expect("\(error)".contains("line 3: class 'html' lies in 'binary' here, but in 'text' in line 2"))
  }

  @Test("A chain of 20,000 edges is read without running out of anything")
  func chain() throws {
    let text = "child,parent\n" + (1...20_000).map { "n\($0),n\($0 - 1)\nc\($0),n\($0)\n" }.joined()
    let tree = try reference(text).tree
    #expect(tree.leaves.count == 20_000)
  }
}

@Suite("Matching leaves by name")
struct LeafMatchingTests {
  @Test("To the byte first, then as text, then without blanks around, then with underscores as blanks")
  func steps() {
    let matching = LeafMatching(
      ["a b", "a_b", "c ", "snow leopard", "only here", "é"],
      ["only there", "a_b", "c", "snow_leopard", "a b", "e\u{301}"])
    #expect(matching.counterparts == [4, 1, 2, 3, nil, 5])
    #expect(matching.onlyInFirst == ["only here"])
    #expect(matching.onlyInSecond == ["only there"])
    #expect(matching.ambiguous == [])
    #expect(matching.nearlySame == 3)
  }

  @Test("Names that several leaves have are left out, and said")
  func ambiguous() {
    let matching = LeafMatching(["crane", "crane", "dog", "cat", "x", "x"], ["crane", "dog", "dog", "cat"])
    #expect(matching.counterparts == [nil, nil, nil, 3, nil, nil])
    #expect(matching.ambiguous == ["crane", "dog"])
    #expect(matching.onlyInFirst == ["x", "x"])
    #expect(matching.onlyInSecond == [])
  }
}
