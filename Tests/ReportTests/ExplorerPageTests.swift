import Foundation
import Hierarchy
import Report
import TestSupport
import Testing

@Suite("The explorer's page")
struct ExplorerPageTests {
  private func page(_ hierarchy: ClusterHierarchy, store: String = "a.logitree") -> ExplorerPage {
    ExplorerPage(hierarchy, run: .init(store: store, rows: 40, skippedRows: 2, score: "sum"))
  }

  private func data(_ page: ExplorerPage) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(page.json().utf8)) as? [String: Any])
  }

  @Test("Data are columns of clusters and merges")
  func columns() throws {
    let data = try data(page(.four()))
    let clusters = try #require(data["clusters"] as? [String: Any])
    let merges = try #require(data["merges"] as? [String: Any])
    #expect(clusters["names"] as? [String] == ["a", "b", "c", "d"])
    #expect(clusters["samples"] as? [Int] == [10, 10, 10, 10])
    #expect(merges["lowest"] as? [Int] == [2, 3, 5])
    #expect(merges["partner"] as? [Int] == [1, 0, 4])
    #expect(merges["score"] as? [Double] == [0.5, 1.5, 2.5])
    #expect(merges["evidence"] as? String == "eee")
    #expect(merges["nearTies"] as? [Int] == [])
    #expect((data["palette"] as? [String: Any])?["colours"] as? [String] == Palette.colours)
  }

  @Test(
    "No name ends the script that it is in, and each is read back as it is shown",
    arguments: [
      "</script>", "<!--", "]]>", "\"quoted\"", "back\\slash", "\u{2028}\u{2029}", "\u{0}\n", "{{title}}", "🐈",
      "turn\u{202E}ed", "\u{2069}\u{202E}", "\u{1}\u{7F}", "--></script>",
    ])
  func names(name: String) throws {
    let page = try page(.four(names: [name, "b", "c", "d"]))
    let json = try page.json()
    #expect(!json.contains("<") && !json.unicodeScalars.contains { $0 == "\u{2028}" || $0 == "\u{2029}" })
    let clusters = try #require(try data(page)["clusters"] as? [String: Any])
    #expect((clusters["names"] as? [String])?.first == Text.shown(name))
    // Data, the script, and nothing more.
    #expect(try page.html().components(separatedBy: "</script>").count == 3)
  }

  @Test("The store's name is escaped where it is the title, and every mark is filled in")
  func title() throws {
    let html = try page(.four(), store: "<i>&{{data}}\u{202E}").html()
    #expect(html.contains("<title>&lt;i&gt;&amp;{{data}}\\u{202e}</title>"))
    #expect(!html.contains("{{style}}") && !html.contains("{{script}}") && !html.contains("{{title}}"))
  }

  @Test("Figures against labels come with a purity and a label for each node; what is not a number is left out")
  func figures() throws {
    let figures = ExplorerPage.Figures(
      name: "letters", figures: [.init(name: "NMI", value: .nan, explanation: "")],
      purity: [1, nil, 0.5, 1, 0.5, 1, 0.75], majority: ["z", nil, "b", "z", "b", "z", "z"])
    let page = ExplorerPage(
      try .four(), run: .init(store: "s", rows: 1, skippedRows: 0, score: "sum"), figures: [figures])
    let labellings = try #require(try data(page)["labellings"] as? [[String: Any]])
    #expect(labellings[0]["labels"] as? [String] == ["b", "z"])
    #expect(labellings[0]["majority"] as? [Int] == [1, -1, 0, 1, 0, 1, 1])
    #expect((labellings[0]["purity"] as? [Any])?.count == 7)
  }

  @Test("A chain of 20,000 leaves, a single leaf, and a tree with empty clusters have a page")
  func shapes() throws {
    #expect(try page(.chain(20_000)).html().utf8.count > 100_000)
    #expect(try !page(.single()).html().isEmpty)
    var generator = SeededGenerator(seed: 3)
    #expect(try !page(.random(30, &generator)).html().isEmpty)
  }

  @Test("Bands of leaves are as equal as can be, in the tree's order", arguments: [1, 3, 7, 20, 100])
  func bands(most: Int) throws {
    for seed in seeds(20) {
      var generator = SeededGenerator(seed: seed)
      let hierarchy = try ClusterHierarchy.random(30, &generator)
      let leaves = hierarchy.leaves(below: hierarchy.root)
      let bands = LeafBands(hierarchy, atMost: most)
      #expect(bands.count == min(most, leaves.count))
      let positions = leaves.compactMap { bands.bandOfCluster[$0] }
      #expect(
        positions.count == leaves.count && positions == positions.sorted() && Set(positions).count == bands.count)
      let sizes = Dictionary(grouping: positions) { $0 }.values.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      for empty in hierarchy.emptyClusters { #expect(bands.bandOfCluster[empty] == nil) }
    }
  }

  @Test("Affinity is kept as 255 levels of its logarithm, down to a hundred-thousandth of the highest")
  func affinity() throws {
    let map = AffinityMap(size: 2, values: [0, 0.5, 0.5e-5, 0.4e-5])
    #expect(map.highest == 0.5)
    #expect(Data(base64Encoded: map.cells).map { [UInt8]($0) } == [0, 255, 1, 0])
    #expect(Data(base64Encoded: AffinityMap(size: 1, values: [0]).cells).map { [UInt8]($0) } == [0])
  }
}
