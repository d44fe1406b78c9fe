import Foundation
import Hierarchy
import Report
import TestSupport
import Testing

@Suite("Support in pictures, on the page, and in the terminal")
struct SupportPictureTests {
  /// A random tree with support. Half of its merges are as strong as others, so that many nodes are at the same height.
  private func tree(_ seed: UInt64, replicates: Int = 16) throws -> ClusterHierarchy {
    var random = SeededGenerator(seed: seed)
    let shape = try ClusterHierarchy.random(random.int(3...90), &random)
    let merges = shape.merges.map { merge in
      var merge = merge
      if random.happens(0.5) { (merge.share, merge.margin) = (0.3, 0.2) }
      return merge
    }
    var hierarchy = try ClusterHierarchy(clusters: shape.clusters, merges: merges)
    hierarchy.support = support(of: merges.map { _ in random.int(0...replicates) }, replicates: replicates)
    return hierarchy
  }

  /// Support of nodes that so many replicates have, and others not at all.
  private func support(of recurrences: [Int], replicates: Int, blocks: String? = nil) -> BranchSupport {
    BranchSupport(
      replicates: replicates, seed: 0, blocks: blocks, estimatedMerges: 0,
      distances: recurrences.map { (sum: replicates - $0, recurrences: $0, most: 1) },
      marginErrors: recurrences.map { _ in 0.0312 })
  }

  private func figures(_ picture: Picture) -> [Picture.Element] {
    picture.texts.filter { $0.attributes["font-size"] == "8" }
  }

  /// Whether two rectangles, each as its corners, have a point in common: no line along an edge parts them.
  private func touch(_ first: [(x: Double, y: Double)], _ second: [(x: Double, y: Double)]) -> Bool {
    for box in [first, second] {
      for (start, end) in [(box[0], box[1]), (box[0], box[2])] {
        func range(_ corners: [(x: Double, y: Double)]) -> ClosedRange<Double> {
          let places = corners.map { $0.x * (end.x - start.x) + $0.y * (end.y - start.y) }
          return (places.min() ?? 0)...(places.max() ?? 0)
        }
        if !range(first).overlaps(range(second)) { return false }
      }
    }
    return true
  }

  @Test(
    "Figures are those of nodes, and none touches another; those without room are counted", arguments: Way.all, seeds(3)
  )
  func figures(way: Way, seed: UInt64) throws {
    let hierarchy = try tree(seed)
    let support = try #require(hierarchy.support)
    var random = SeededGenerator(seed: seed)
    let cut = random.happens(0.3) ? random.int(1...hierarchy.merges.count + 1) : nil
    let picture = try Picture(Dendrogram(hierarchy, way.options(cut: cut)).svg())
    let found = figures(picture)
    let boxes = try found.map { try $0.corners() }
    for (index, box) in boxes.enumerated() {
      for other in boxes[..<index] { #expect(!touch(box, other), "\(found[index].text)") }
    }
    let groups = try cut.map { try Cut(hierarchy, into: $0).groups.count } ?? hierarchy.merges.count + 1
    // Merges that are drawn and groups of several clusters, but the root.
    let several = try cut.map { try Cut(hierarchy, into: $0).groups.count { $0.clusters.count > 1 } } ?? 0
    let nodes = groups == 1 ? 0 : groups - 2 + several
    let left = picture.texts.compactMap { $0.text.firstMatch(of: /([0-9]+) branch(es)? ha(s|ve) no room/) }
      .first.flatMap { Int($0.1) }
    #expect(found.count + (left ?? 0) == nodes)
    let known = Set(support.transfer.map { Int(($0 * 100).rounded()) })
    for figure in found { #expect(Int(figure.text).map(known.contains) == true, "\(figure.text)") }
    if cut == nil, way.scale == .clusters, !way.isCircular, hierarchy.merges.count > 30 {
      #expect(found.count > nodes / 4)
    }
  }

  @Test(
    "Branches have the colours of their support, weak ones thinner; of groups, weak ones lighter", arguments: Way.all)
  func colours(way: Way) throws {
    let hierarchy = try tree(3)
    let classes = ["#c9a227", "#8fb8d9", "#3f83bf", "#0b3f75"]
    let svg = try Dendrogram(hierarchy, way.options()).svg()
    let lines = try Picture(svg).paths.filter { $0.attributes["stroke-linecap"] != nil }
    #expect(Set(lines.compactMap { $0.attributes["stroke"] }) == Set(classes + [Palette.neutral]))
    #expect(lines.allSatisfy { $0.attributes["stroke-opacity"] == nil } && svg.contains("Thinner branches"))
    #expect(Set(lines.compactMap { $0.attributes["stroke-width"] }).count > 1)
    var options = way.options()
    options.colouring = .groups
    let groups = try Dendrogram(hierarchy, options).svg()
    #expect(classes.allSatisfy { !groups.contains($0) } && groups.contains("Lighter branches"))
    #expect(try Picture(groups).paths.contains { $0.attributes["stroke-opacity"] == ".75" })
  }

  @Test("A half is rounded up, and the same everywhere")
  func halves() throws {
    var hierarchy = try ClusterHierarchy.four()
    // 12.5 and 62.5 percent.
    hierarchy.support = support(of: [1, 5, 8], replicates: 8, blocks: "b.npy")
    let svg = try Dendrogram(hierarchy).svg()
    #expect(Set(figures(try Picture(svg)).map(\.text)) == ["13", "63"])
    #expect(svg.contains("support 0.13, the same clade in 12.5 % of the trees"))
    let page = ExplorerPage(hierarchy, run: .init(store: "s", rows: 1, skippedRows: 0, score: "sum"))
    let data = try #require(JSONSerialization.jsonObject(with: Data(page.json().utf8)) as? [String: Any])
    let support = try #require(data["support"] as? [String: Any])
    #expect(support["percent"] as? [Int] == [13, 63, 100])
    #expect(support["cladePerMille"] as? [Int] == [125, 625, 1000])
    #expect(support["classes"] as? String == "013" && support["drawn"] as? String == "blocks of rows")
    let told = NodeFigures(hierarchy, node: 4, width: 120).text
    #expect(told.contains("support    0.13, the same clade in 12.5 % of 8 trees from blocks of rows drawn anew"))
    hierarchy.support?.blocks = nil
    #expect(NodeFigures(hierarchy, node: 4, width: 120).text.contains("of 8 trees from rows drawn anew"))
  }

  @Test("How light weak branches are is told to the page: as in the picture")
  func strength() throws {
    let shares = [0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 1]
    var merges = try ClusterHierarchy.chain(8).merges
    for (index, share) in shares.enumerated() { merges[index].share = share }
    let hierarchy = try ClusterHierarchy(clusters: ClusterHierarchy.chain(8).clusters, merges: merges)
    let page = ExplorerPage(hierarchy, run: .init(store: "s", rows: 1, skippedRows: 0, score: "sum"))
    let data = try #require(JSONSerialization.jsonObject(with: Data(page.json().utf8)) as? [String: Any])
    #expect((data["merges"] as? [String: Any])?["strength"] as? String == "0112233")
    #expect((data["palette"] as? [String: Any])?["opacities"] as? [Double] == [0.35, 0.55, 0.75, 1])
  }
}
