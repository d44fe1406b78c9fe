import Evaluation
import Hierarchy
import TestSupport
import Testing

@Suite("Names for nodes, by a taxonomy")
struct TermNamingTests {
  /// By the definition: all terms, as sets of clusters, tried on all nodes.
  private func check(_ hierarchy: ClusterHierarchy, _ reference: ReferenceTree, _ note: String) {
    let naming = TermNaming(hierarchy, by: [reference])
    let leaves = Set(hierarchy.leaves.map { hierarchy.clusters[$0].name })
    let terms = reference.tree.innerNodes.compactMap { node -> (name: String, classes: Set<String>)? in
      let classes = reference.tree.namesBelow(node).intersection(leaves)
      return reference.tree.labels[node].isEmpty || classes.count < 2 ? nil : (reference.tree.labels[node], classes)
    }
    for merge in hierarchy.merges {
      let members = Set(hierarchy.leaves(below: merge.node).map { hierarchy.clusters[$0].name })
      let fits = terms.map { term in
        let common = term.classes.intersection(members).count
        let f1 = Double(2 * common) / Double(members.count + term.classes.count)
        return (f1: f1, common: common, term: term)
      }
      let best = fits.filter { $0.common > 0 }.map(\.f1).max()
      guard let found = naming.terms[merge.node] else {
        #expect(best == nil, "\(note), node \(merge.node)")
        continue
      }
      #expect(found.f1 == best, "\(note), node \(merge.node)")
      #expect(found.size == members.count)
      // It is a term, of those that fit equally well the narrowest.
      let equal = fits.filter { $0.f1 == best }
      let narrowest = equal.map(\.term.classes.count).min()
      #expect(
        equal.contains {
          $0.term.name == found.term && $0.common == found.leaves && $0.term.classes.count == found.termSize
        }, "\(note), node \(merge.node)")
      #expect(found.termSize == narrowest, "\(note), node \(merge.node)")
    }
    let known = leaves.intersection(reference.tree.leafNames)
    #expect(naming.strangers.map { hierarchy.clusters[$0].name }.sorted() == leaves.subtracting(known).sorted())
    for (id, cluster) in hierarchy.clusters.enumerated() {
      #expect(naming.terms[id]?.term == (known.contains(cluster.name) ? cluster.name : nil))
    }
  }

  @Test("Each node has the term with the highest F1, of all terms tried on all nodes", arguments: seeds(150))
  func oracle(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let hierarchy = try ClusterHierarchy.random(generator.int(3...40), &generator)
    let names = hierarchy.leaves.map { hierarchy.clusters[$0].name }
    let known = names.filter { _ in generator.happens(0.9) } + ["stranger", "other"]
    let (text, kind): (String, ReferenceTree.Kind)
    switch seed % 3 {
    case 0:
      // Some inner nodes have no name.
      var number = 0
      text = randomNewick(known, mostChildren: generator.int(2...6), &generator).map { character in
        guard character == ")" else { return String(character) }
        number += 1
        return generator.happens(0.8) ? ")term\(number)" : ")"
      }.joined()
      kind = .newick
    case 1:
      let (coarse, fine) = (generator.int(1...4), generator.int(1...4))
      text =
        "class,genus,family\n"
        + known.map { name in
          let family = generator.int(1...coarse)
          return "\(name),\(generator.happens(0.9) ? "g\(family)-\(generator.int(1...fine))" : ""),f\(family)\n"
        }.joined()
      kind = .taxonomy
    default:
      // Each name below another one, or a root; some classes are kinds of others.
      let inner = (0..<generator.int(1...12)).map { "t\($0)" }
      var above = inner.indices.map { $0 == 0 ? "" : inner[generator.int(0...$0 - 1)] }
      above += known.indices.map { index in
        index > 0 && generator.happens(0.1) ? known[index - 1] : inner[generator.int(0...inner.count - 1)]
      }
      text = "child,parent\n" + zip(inner + known, above).map { "\($0),\($1)\n" }.joined()
      kind = .edges
    }
    let reference = try reference(text, kind: kind, classes: hierarchy.clusters.map(\.name))
    check(hierarchy, reference, "seed \(seed): \(text)")
  }

  private static let kinds = """
    class,kind,realm
    beagle,hound,animal
    whippet,hound,animal
    basset,hound,animal
    tabby,cat,animal
    car,car,thing
    truck,,thing
    """

  private func named(_ pairs: [(Int, Int)], _ names: [String], _ text: String) throws -> ClusterHierarchy {
    var hierarchy = try ClusterHierarchy.joining(pairs, names: names)
    hierarchy.terms = try TaxonomyText(path: "taxonomy", bytes: Array(text.utf8)).naming(hierarchy).terms
    return hierarchy
  }

  @Test("A group's label says the term, and how many of its classes are under it; a class keeps its name")
  func labels() throws {
    let names = ["beagle", "whippet", "car", "truck", "tabby", "basset"]
    // Two hounds; with the car; truck and tabby; all but the basset; all.
    let tree = try named([(0, 1), (6, 2), (3, 4), (7, 8), (5, 9)], names, Self.kinds)
    #expect(
      tree.nodeLabels[6...] == ["hound, 2 of 2", "hound, 2 of 3", "thing, 1 of 2", "animal, 3 of 5", "animal, 4 of 6"])
    #expect(Array(tree.nodeLabels[..<6]) == names)
    #expect(try Cut(tree, into: 2).groups.map(\.label) == ["basset", "animal, 3 of 5"])
    #expect(tree.term(of: 7) == NodeTerm(term: "hound", leaves: 2, size: 3, termSize: 3))
    #expect(tree.nodeLabels == (0..<11).map({ tree.groupLabel(of: $0) }))
  }

  @Test("Groups of a cut that have a term in common are told apart by a typical member")
  func twins() throws {
    let kinds = "class,kind\na,x\nb,x\nc,x\nd,x\ne,y\nf,y\n"
    let tree = try named([(0, 1), (2, 3), (4, 5), (6, 8), (7, 9)], ["a", "b", "c", "d", "e", "f"], kinds)
    #expect(
      try Set(Cut(tree, into: 3).groups.map(\.label)) == ["x (a), 2 of 2", "x (c), 2 of 2", "y, 2 of 2"])
    #expect(try Set(Cut(tree, into: 2).groups.map(\.label)) == ["x, 2 of 2", "y, 2 of 4"])
  }

  @Test("A term with one class names no group, and without another there is no name")
  func single() throws {
    let tree = try named([(0, 1), (2, 3)], ["tabby", "car", "plane"], "class,kind\ntabby,cat\ncar,car\n")
    #expect(
      tree.terms == [
        NodeTerm(term: "tabby", leaves: 1, size: 1, termSize: 1),
        NodeTerm(term: "car", leaves: 1, size: 1, termSize: 1),
        nil, nil, nil,
      ])
    #expect(tree.nodeLabels[3] == "tabby / car")
  }

  @Test("Classes that share a name are under no term, and are told of")
  func repeated() throws {
    let names = ["crane", "stork", "crane", "lift"]
    let hierarchy = try ClusterHierarchy.joining([(0, 1), (2, 3), (4, 5)], names: names)
    let text = "class,kind\ncrane,bird\nstork,bird\nheron,bird\nlift,machine\nhoist,machine\n"
    let naming = try TaxonomyText(path: "taxonomy", bytes: Array(text.utf8)).naming(hierarchy)
    #expect(naming.ambiguous == ["crane"])
    #expect(naming.strangers == [0, 2])
    #expect(naming.terms[4...] == [nil, nil, nil])
  }

  @Test("Columns that are not nested name groups together")
  func columns() throws {
    let text = "class,colour,shape\na,red,round\nb,red,square\nc,blue,round\nd,blue,square\ne,blue,round\n"
    let tree = try named([(0, 1), (2, 4), (3, 6), (5, 7)], ["a", "b", "c", "d", "e"], text)
    #expect(tree.nodeLabels[5...] == ["red, 2 of 2", "blue, 2 of 2", "blue, 3 of 3", "blue, 3 of 5"])
    let others = try named([(0, 2), (1, 3), (4, 5), (6, 7)], ["a", "b", "c", "d", "e"], text)
    #expect(others.nodeLabels[5...] == ["round, 2 of 2", "square, 2 of 2", "round, 3 of 3", "blue, 3 of 5"])
  }

  @Test("What names no groups, or has none of the classes, is refused")
  func refusals() throws {
    let hierarchy = try ClusterHierarchy.four()
    func refusal(_ text: String) throws -> EvaluationError {
      try #require(
        throws: EvaluationError.self
      ) {
        try TaxonomyText(path: "taxonomy", bytes: Array(text.utf8)).naming(hierarchy)
      }
    }
    #expect(try refusal("((a,b)0.9,(c,d)1);") == .namesNoGroups("taxonomy"))
    #expect(
      try refusal("class,kind\nx,y\nz,y\n") == .hasNoneOf("taxonomy", classes: 4, example: "a", found: "x"))
    #expect(try refusal("") == .empty("taxonomy"))
  }

  @Test(
    "Chains of 20,000 clusters are named, by a flat taxonomy and by one as deep as they are", .timeLimit(.minutes(1)))
  func chains() throws {
    let count = 1_000
    let hierarchy = try ClusterHierarchy.chain(count)
    let flat = "class,kind\n" + (0..<count).map { "c\($0),kind\($0 * 7919 % 250)\n" }.joined()
    let naming = try TaxonomyText(path: "taxonomy", bytes: Array(flat.utf8)).naming(hierarchy)
    #expect(naming.termCount == 250 && naming.terms[count...].allSatisfy { $0 != nil })
    let deep = "child,parent\n" + (0..<count).map { "t\($0),t\($0 + 1)\nc\($0),t\($0)\n" }.joined()
    let other = try TaxonomyText(path: "taxonomy", bytes: Array(deep.utf8)).naming(hierarchy)
    #expect(other.terms[count...].enumerated().allSatisfy { $1?.term == "t\($0 + 1)" && $1?.f1 == 1 })
  }
}
