import Hierarchy
import Report
import TestSupport
import Testing

@Suite("A node in a hierarchy")
struct NodeTests {
  /// Norse and Dutch, and names that are numbers.
  private func languages() throws -> ClusterHierarchy {
    try .joining(
      [(0, 1), (2, 5), (3, 6)], names: ["Danish", "Norwegian", "Swedish", "Dutch", "Latin"], empty: [4],
      samples: [10, 20, 5, 65, 0])
  }

  @Test(
    "A node is found by name, in any case, and by number",
    arguments: [
      ("Danish", 0), ("danish", 0), ("SWEDISH", 2), ("3", 3), ("#3", 3), ("5", 5), ("#7", 7),
    ])
  func found(text: String, node: Int) throws {
    #expect(try languages().node(named: text) == node)
  }

  @Test(
    "What is unknown brings names that may have been meant",
    arguments: [
      ("Danisch", ["Danish"]), ("wegian", ["Norwegian"]), ("ish", ["Danish", "Swedish"]), ("Dutsh", ["Dutch"]),
      ("zzz", []),
      ("8", []), ("#8", []), ("-1", []), ("", []),
    ])
  func unknown(text: String, similar: [String]) throws {
    #expect(throws: NodeNameError.unknown(text, similar: similar)) { try languages().node(named: text) }
  }

  @Test("A cluster without samples, a name that several have, and one that is another's number are errors")
  func unclear() throws {
    #expect(throws: NodeNameError.notInTree("Latin")) { try languages().node(named: "latin") }
    #expect(throws: NodeNameError.notInTree("Latin")) { try languages().node(named: "4") }
    let twins = try ClusterHierarchy.joining([(0, 1), (2, 3)], names: ["a", "b", "a"])
    #expect(throws: NodeNameError.repeated("a", clusters: [0, 2])) { try twins.node(named: "a") }
    #expect(try twins.node(named: "#2") == 2)
    let numbers = try ClusterHierarchy.joining([(0, 1), (2, 3)], names: ["2", "1", "x"])
    #expect(throws: NodeNameError.ambiguous("2", cluster: 0)) { try numbers.node(named: "2") }
    #expect(try numbers.node(named: "#2") == 2)
    #expect(try numbers.node(named: "1") == 1)
  }

  @Test("The way to a leaf is drawn, with its next relatives, and what branches off in one line")
  func located() throws {
    // c0 to c29 in a chain, another chain beside it.
    let pairs = [(0, 1)] + (2..<30).map { ($0, 58 + $0) } + [(30, 31)] + (32..<60).map { ($0, 57 + $0) } + [(88, 117)]
    let hierarchy = try ClusterHierarchy.joining(pairs, names: (0..<60).map { "c\($0)" })
    let lines = TerminalTree(hierarchy, width: 200).text(locating: 15).split(separator: "\n")
    #expect(lines.count { $0.hasSuffix("◀") } == 1)
    #expect(lines.contains { $0.hasSuffix("─ c15 ◀") })
    #expect(lines.last?.contains("(30 clusters: c30, c31, ") == true)
    for sibling in 16..<30 { #expect(lines.contains { $0.hasSuffix("─ c\(sibling)") }) }
    #expect(lines.contains { $0.contains("(15 clusters: c0, ") })

    let first = TerminalTree(hierarchy, width: 200).text(locating: 3).split(separator: "\n")
    for relative in 0..<12 where relative != 3 { #expect(first.contains { $0.hasSuffix("─ c\(relative)") }) }
  }

  @Test("Of a way too long for the width the last part is drawn", arguments: [20, 40, 80])
  func deep(width: Int) throws {
    let hierarchy = try ClusterHierarchy.chain(20_000)
    let lines = TerminalTree(hierarchy, width: width).text(locating: 7).split(separator: "\n")
    #expect(lines[0].hasPrefix("… 19,9") && lines[0].hasSuffix(" levels up"))
    #expect(lines.contains { $0.hasSuffix("─ c7 ◀") })
    #expect(lines.count < 30 && lines.allSatisfy { $0.count <= width })
    #expect(TerminalTree(try .single(), width: 80).text(locating: 0) == "─ only ◀\n")
  }

  @Test("What is below a node is drawn")
  func below() throws {
    #expect(try TerminalTree(languages(), width: 80).text(below: 6) == "┬─ Swedish\n└─┬─ Danish\n  └─ Norwegian\n")
    #expect(try TerminalTree(languages(), width: 80).text(below: 1) == "─ Norwegian\n")
  }

  private func lines(_ figures: NodeFigures) -> [String] { figures.text.split(separator: "\n").map(String.init) }

  @Test(
    "A leaf's figures come first: samples, certainty, what it is confused with; then why it was merged, and details")
  func leafFigures() throws {
    let confusion = ClassConfusion(
      getters: [.init(cluster: 1, share: 0.625), .init(cluster: 3, share: 0.25)], givers: [.init(cluster: 0, share: 1)])
    let rivals = MergeRivals(
      node: 6, groups: [.init(node: 5, reassigned: 1.5, share: 0.75), .init(node: 3, reassigned: 0.5, share: 0.125)])
    let found = lines(try NodeFigures(languages(), node: 2, confusion: confusion, rivals: rivals, width: 120))
    let names = try languages().clusters.map(\.name)
    #expect(found[0] == "#2 Swedish" && found[1] == "  samples    5, 5.0 % of all")
    #expect(found[2].hasPrefix("  certainty  50.0 %"))
    #expect(found[4] == "Confused with")
    #expect(found[5] == "  of what it loses, goes to    of what these lose, goes to it")
    #expect(found[6] == "   62.5 %  \(names[1])           100.0 %  \(names[0])")
    #expect(found[7] == "   25.0 %  \(names[3])")
    #expect(found[8] == "Why with #5: of what it loses, get the most for each of their classes")
    #expect(found[9].hasPrefix("  1.5   75.0 % in all  #5 (2 clusters: "))
    #expect(found[10] == "  0.5   12.5 % in all  #3 Dutch")
    #expect(found[11] == "Details")
    #expect(
      found[12...].map { $0.split(separator: " ")[0] } == ["step", "score", "gap", "share", "margin", "evidence"])
  }

  @Test("A group's figures say what it is made of and was merged with; details are of the merge that made it")
  func groupFigures() throws {
    let text = try NodeFigures(languages(), node: 6, width: 120).text
    #expect(text.hasPrefix("#6 (3 clusters: Danish / Norwegian / Swedish)\n  samples    35, 35.0 % of all\n"))
    #expect(text.contains("  made of    #2 Swedish and #5 (2 clusters: Danish / Norwegian)\n"))
    #expect(text.contains("  merged     with #3 Dutch, into #7, at step 3 of 3\n"))
    #expect(text.contains("  score     1.5     of #2: "))
    #expect(try !NodeFigures(languages(), node: 7, width: 80).text.contains("merged"))
    #expect(try NodeFigures(languages(), node: 6, width: 30).text.split(separator: "\n").allSatisfy { $0.count <= 30 })
  }

  @Test("Groups are listed in columns, with as many members as there is room for")
  func groups() throws {
    let hierarchy = try languages()
    let text = """
      group  clusters  samples   share  members
          0         1       65  65.0 %  Dutch
          1         3       35  35.0 %  Danish, Norwegian, Swedish

      """
    #expect(try GroupList(hierarchy, Cut(hierarchy, into: 2), width: 80).text == text)
    let narrow = try GroupList(hierarchy, Cut(hierarchy, into: 2), width: 52).text.split(separator: "\n")
    #expect(narrow[2].hasSuffix("  Danish, …") && narrow.allSatisfy { $0.count <= 52 })
    let coloured = try GroupList(hierarchy, Cut(hierarchy, into: 2), width: 80, style: TerminalStyle(.full)).text
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == text && coloured != text)
  }
}
