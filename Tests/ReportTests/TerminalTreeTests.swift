import Hierarchy
import Report
import TestSupport
import Testing

/// The tree that joins pairs of nodes in turn.
private func tree(_ pairs: [(Int, Int)], _ names: [String]) throws -> ClusterHierarchy {
  try ClusterHierarchy(
    clusters: names.map { .init(name: $0, samples: 1, meanProbability: 1) },
    merges: pairs.enumerated().map { index, pair in
      Merge(
        step: index + 1, lowest: pair.0, partner: pair.1, node: names.count + index, clusters: 2, samples: 2, score: 0,
        gap: 0, reassigned: 0, share: 0, margin: 0, evidence: .exact, isNearTie: false)
    })
}

/// Each merge adds one cluster to all that were merged before.
private func chain(_ count: Int) throws -> ClusterHierarchy {
  try tree([(0, 1)] + (2..<count).map { ($0, count + $0 - 2) }, (0..<count).map { "cluster \($0)" })
}

@Suite("Trees in the terminal")
struct TerminalTreeTests {
  @Test("One leaf is one line")
  func leaf() throws {
    #expect(try TerminalTree(tree([], ["only"]), width: 80).text() == "─ only\n")
  }

  @Test("Two leaves hang on one line")
  func pair() throws {
    #expect(try TerminalTree(tree([(1, 0)], ["a", "b"]), width: 80).text() == "┬─ a\n└─ b\n")
  }

  @Test("A leaf comes before the node above others")
  func three() throws {
    let drawing = """
      ┬─ Finnish
      └─┬─ Danish
        └─ Norwegian

      """
    #expect(try TerminalTree(tree([(0, 1), (3, 2)], ["Danish", "Norwegian", "Finnish"]), width: 80).text() == drawing)
  }

  @Test("Lines go on past the leaves of a branch")
  func balanced() throws {
    let drawing = """
      ┬─┬─ b
      │ └─ c
      └─┬─ a
        └─┬─ d
          └─ e

      """
    #expect(
      try TerminalTree(tree([(1, 2), (3, 4), (0, 6), (5, 7)], ["a", "b", "c", "d", "e"]), width: 80).text() == drawing)
  }

  @Test("No line is wider than the terminal", arguments: [40, 41, 60, 80, 200], seeds(3))
  func width(width: Int, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let count = 120
    let names = (0..<count).map { _ in String((0..<random.int(1...150)).map { _ in random.happens(0.2) ? "é" : "x" }) }
    var alive = Array(0..<count)
    var pairs: [(Int, Int)] = []
    while alive.count > 1 {
      // Mostly the newest node, so that the tree is deep.
      let a = alive.remove(at: random.happens(0.7) ? alive.count - 1 : random.int(0...alive.count - 1))
      let b = alive.remove(at: random.int(0...alive.count - 1))
      alive.append(count + pairs.count)
      pairs.append((a, b))
    }
    let lines = try TerminalTree(tree(pairs, names), width: width).text().split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width }, "\(lines.map(\.count).max() ?? 0)")
    #expect(lines.allSatisfy { $0.contains("─ ") })
  }

  @Test("A name too long for its line ends in an ellipsis")
  func longName() throws {
    let name = String(repeating: "n", count: 100)
    let lines = try TerminalTree(tree([(0, 1)], [name, "short"]), width: 50).text().split(separator: "\n")
    #expect(lines[0].hasPrefix("┬─ nnn") && lines[0].hasSuffix("n…") && lines[0].count <= 50 && lines[0].count >= 45)
    #expect(lines[1] == "└─ short")
  }

  @Test("What lies too deep is one line that says how many clusters and which", arguments: [40, 80])
  func deep(width: Int) throws {
    let count = 1000
    let lines = try TerminalTree(chain(count), width: width).text().split(separator: "\n")
    let levels = width / 4
    #expect(lines.count == levels + 1)
    #expect(lines[0] == "┬─ cluster 999")
    #expect(lines.dropLast().allSatisfy { !$0.contains("clusters:") })
    let last = try #require(lines.last)
    #expect(last.hasPrefix(String(repeating: "  ", count: levels - 1) + "└─ (\(count - levels) clusters"))
  }

  @Test("All leaves collapsed are named where they are few")
  func fewCollapsed() throws {
    let text = try TerminalTree(chain(23), width: 80).text()
    #expect(text.hasSuffix("└─ (3 clusters: cluster 0, cluster 1, …)\n"))
    let pairs = [(0, 1)] + (2..<23).map { ($0, 23 + $0 - 2) }
    let letters = try TerminalTree(tree(pairs, "abcdefghijklmnopqrstuvw".map { String($0) }), width: 80).text()
    #expect(letters.hasSuffix("└─ (3 clusters: a, b, c)\n"))
  }

  @Test("Collapsed leaves are named by how typical they are")
  func typical() throws {
    var hierarchy = try ClusterHierarchy.joining(
      [(0, 1), (2, 3), (4, 5)], names: ["few", "many", "some", "most"], samples: [1, 30, 20, 40])
    hierarchy.typical = [[1, 0], [3, 2], [1, 3, 0]]
    #expect(
      TerminalTree(hierarchy, width: 80, depth: 1).text() == "┬─ (2 clusters: many, few)\n└─ (2 clusters: most, some)\n"
    )
  }

  @Test(
    "Wide characters take two columns, combining ones none",
    arguments: [
      ("日本語日本語日本語日本語", "日本語日本語日本…"), ("ab日本語日本語日本語日", "ab日本語日本語日…"),
      (String(repeating: "e\u{301}", count: 20), String(repeating: "e\u{301}", count: 16) + "…"),
      (String(repeating: "e\u{301}", count: 17), String(repeating: "e\u{301}", count: 17)),
      ("🐈🐈🐈🐈🐈🐈🐈🐈🐈", "🐈🐈🐈🐈🐈🐈🐈🐈…"), ("한국어 한국어 한국어 한국어", "한국어 한국어 한…"),
    ])
  func columns(name: String, shown: String) throws {
    // Twenty columns, three of them lines.
    #expect(try TerminalTree(tree([], [name]), width: 20).text() == "─ \(shown)\n")
  }

  @Test("Control characters of names don't reach the terminal")
  func control() throws {
    let text = try TerminalTree(tree([(0, 1)], ["red \u{1B}[31m", "a\tb\u{7}\u{9B}"]), width: 80).text()
    #expect(text == "┬─ red \\u{1b}[31m\n└─ a\\u{9}b\\u{7}\\u{9b}\n")
  }

  @Test("A number of lines is met by undoing the last merges", arguments: seeds(20))
  func mostLines(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let hierarchy = try ClusterHierarchy.random(random.int(3...80), &random)
    let leaves = hierarchy.merges.count + 1
    for lines in Set([1, random.int(1...leaves), leaves, leaves + 1]) {
      let drawn = TerminalTree(hierarchy, width: 1000).text(mostLines: lines).split(separator: "\n")
      let sizes = drawn.map { line in line.firstMatch(of: /\(([0-9]+) clusters/).flatMap { Int($0.1) } ?? 1 }
      #expect(sizes == (try Cut(hierarchy, into: min(lines, leaves))).groups.map(\.clusters.count))
    }
  }

  @Test("Colours add nothing but escape sequences: of the groups to names, faint to lines", arguments: seeds(3))
  func colours(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let hierarchy = try ClusterHierarchy.random(40, &random)
    let plain = TerminalTree(hierarchy, width: 80).text()
    let indexed = TerminalTree(hierarchy, width: 80, style: TerminalStyle(.indexed)).text()
    let full = TerminalTree(hierarchy, width: 80, style: TerminalStyle(.full)).text()
    for coloured in [indexed, full] { #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain) }
    #expect(!plain.contains("\u{1B}") && full.hasPrefix("\u{1B}[2m┬"))
    let groups = Palette.groupCount(leaves: hierarchy.merges.count + 1)
    #expect(Set(indexed.matches(of: /38;5;[0-9]+m/).map(\.output)).count == groups)
    #expect(Set(full.matches(of: /38;2;[0-9]+;[0-9]+;[0-9]+m/).map(\.output)).count == groups)
  }

  @Test("A chain of 20,000 merges is drawn")
  func chainOfMany() throws {
    #expect(try TerminalTree(chain(20_001), width: 80).text().split(separator: "\n").count == 21)
  }
}
