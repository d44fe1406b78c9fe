import Evaluation
import Hierarchy
import TestSupport
import Testing

@Suite("Annotations of clusters")
struct AnnotationTableTests {
  /// What a file of some text says of clusters of some names; the last has no samples if `empty`.
  private func read(
    _ text: String, columns: String? = nil, names: [String] = ["a", "b", "c", "d"], file: String = "x.csv"
  ) throws -> AnnotationTable {
    let directory = try TemporaryDirectory()
    let path = try directory.write(text, to: file)
    let pairs = (1..<names.count).map { ($0 == 1 ? 0 : names.count + $0 - 2, $0) }
    return try AnnotationTable(reading: path, columns: columns, of: .joining(pairs, names: names))
  }

  private func categories(_ annotation: ClusterAnnotation) -> [String?] {
    guard case .categories(let names, let ofCluster) = annotation.values else { return [] }
    return ofCluster.map { $0.map { names[$0] } }
  }

  @Test("Columns are categories, or numbers if nothing else is in them; some fields may be missing")
  func columns() throws {
    let table = try read("class,kind,size,mixed\nb,x,2,1\na,y, -1.5e1 ,one\nd,,NA,\nother,z,3,3\n")
    #expect(table.annotations.map(\.name) == ["kind", "size", "mixed"])
    #expect(categories(table.annotations[0]) == ["y", "x", nil, nil])
    #expect(table.annotations[1].values == .numbers([-15, 2, nil, nil]))
    #expect(categories(table.annotations[2]) == ["one", "1", nil, nil])
    #expect(table.unknown == ["c"])
    #expect(table.missing.map(\.text) == ["NA"])
  }

  @Test("Some columns by name, in the order asked for, also one with a comma in its name")
  func someColumns() throws {
    let text = "class;kind;size;\"a,b\"\na;x;1;p\n"
    #expect(try read(text, columns: "size,kind").annotations.map(\.name) == ["size", "kind"])
    #expect(try read(text, columns: "a,b").annotations.map(\.name) == ["a,b"])
    #expect(throws: EvaluationError.self) { try read(text, columns: "size,colour") }
    #expect(throws: EvaluationError.self) { try read(text, columns: "class") }
  }

  @Test("Classes may be numbers of clusters, as cut writes them, and names nearly the same")
  func classes() throws {
    let numbered = try read("cluster,name,group\n0,a,first\n3,d,second\n", columns: "group")
    #expect(categories(numbered.annotations[0]) == ["first", nil, nil, "second"])
    let nearly = try read("class,kind\n red_fox ,x\nwolf,y\n", names: ["red fox", "wolf", "wolf"])
    #expect(categories(nearly.annotations[0]) == ["x", "y", "y"])
  }

  @Test("A file that says nothing of any cluster, or two things of one, is an error")
  func errors() throws {
    for text in ["class,kind\nx,y\n", "class,kind\na,x\na,y\n", "class\na\n", "", "class,kind\n"] {
      #expect(throws: EvaluationError.self, "\(text)") { try read(text) }
    }
    for text in ["child,parent\nx,y\nz,y\n", "((x,y),z);\n", "just a line\n"] {
      #expect(throws: EvaluationError.self, "\(text)") { try read(text) }
    }
    #expect(categories(try read("child,parent\na,y\nz,y\n").annotations[0]) == ["a", nil, nil, nil])
    #expect(throws: EvaluationError.self) { try read("child,parent\na,x\nb,x\n", columns: "0") }
    #expect(throws: EvaluationError.self) { try read("child,parent\na,x\nb,x\n", columns: "y") }
    #expect(throws: EvaluationError.self) { try read("child,parent\na,x\nb,x\n", columns: "") }
  }

  private static let edges = """
    child,parent
    a,cat
    b,cat
    cat,animal
    c,dog
    d,dog
    e,animal
    dog,animal
    animal,thing
    f,tool
    g,tool
    tool,thing
    h,thing

    """

  @Test("A tree is divided into so many groups, always the largest one, whatever its depth")
  func divisions() throws {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"]
    let table = try read(Self.edges, columns: "1,2,3,99", names: names, file: "things.csv")
    #expect(
      table.annotations.map(\.name)
        == ["1 groups of things", "2 groups of things", "3 groups of things", "3 groups of things"])
    #expect(categories(table.annotations[0]) == names.map { _ in "thing" })
    #expect(
      categories(table.annotations[1]) == ["animal", "animal", "animal", "animal", "animal", "tool", "tool", nil])
    #expect(categories(table.annotations[2]) == ["cat", "cat", "dog", "dog", nil, "tool", "tool", nil])
    #expect(categories(table.annotations[3]) == categories(table.annotations[2]))
    #expect(try read(Self.edges, names: names).annotations.count == 2)
  }

  @Test("Groups of a tree by name: a class is in the lowest that is above it")
  func named() throws {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"]
    let table = try read(Self.edges, columns: "animal,dog", names: names, file: "things.csv")
    #expect(table.annotations.count == 1)
    #expect(
      categories(table.annotations[0]) == ["animal", "animal", "dog", "dog", "animal", nil, nil, nil])
  }

  @Test("Groups of Newick without names are called by their first class; classes that only the tree has don't count")
  func newick() throws {
    let table = try read("((a,b),((c,x),(y,d)));\n", columns: "2", file: "t.nwk")
    #expect(categories(table.annotations[0]) == ["a +1", "a +1", "c +1", "c +1"])
    #expect(table.unknown.isEmpty)
  }

  @Test("Accuracy of a cluster: of the rows with its label, those that are in it or in another of that label")
  func accuracy() {
    let labelling = Labelling(
      name: "labels", labels: ["a", "b", "other"], table: CountTable([[3, 1, 0], [1, 3, 5], [0, 4, 0], [0, 0, 1]]),
      unlabelledRows: 0, clustersOfLabel: [[0], [1, 2], []])
    #expect(labelling.accuracyOfClusters == [0.75, 0.875, 0.875, nil])
  }
}
