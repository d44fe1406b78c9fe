import Hierarchy
import Report
import TestSupport
import Testing

@Suite("Strips beside the tree")
struct StripTests {
  private func picture(
    _ hierarchy: ClusterHierarchy, _ strips: [ClusterAnnotation], circular: Bool = false, cut: Int? = nil
  ) throws -> Picture {
    var options = Dendrogram.Options(isCircular: circular, cut: cut, colours: 0)
    options.strips = strips
    return try Picture(Dendrogram(hierarchy, options).svg())
  }

  /// Two categories and a number for each of ((b, c), (a, d)).
  private let kinds = ClusterAnnotation(name: "kind", categories: ["x", "y", "y", nil])
  private let figures = ClusterAnnotation(name: "figure", numbers: [1, nil, 4, 0])

  @Test("Categories are in the order of their sizes, equals in that of bytes")
  func order() {
    let annotation = ClusterAnnotation(name: "n", categories: ["b", "a", "é", "e\u{301}", "é", nil])
    #expect(annotation.values == .categories(["é", "a", "b", "e\u{301}"], ofCluster: [2, 1, 0, 3, 0, nil]))
  }

  @Test("Neighbours of one category share a cell, in its colour; who has none has no cell")
  func cells() throws {
    let picture = try picture(.four(), [kinds])
    let cells = picture.paths.filter { $0.attributes["stroke-width"] == "12" }
    #expect(cells.map { $0.attributes["stroke"] } == Array(Palette.categoryColours.prefix(2)))
    // The rows are b, c, a, d, 21 pixels apart: b and c have y, a has x.
    #expect(cells.map { Picture.numbers($0.attributes["d"] ?? "").dropFirst() } == [[-10.5, 31.5], [31.5, 52.5]])
  }

  @Test("Bars are as long as numbers are large; no number is no room for one, and 0 is room without a bar")
  func bars() throws {
    let picture = try picture(.four(), [figures])
    let room = try #require(picture.paths.first { $0.attributes["stroke"] == "#f0f0f0" })
    #expect(Picture.starts(room.attributes["d"] ?? "").map(\.y) == [10.5])
    let bars = try #require(picture.paths.first { $0.attributes["stroke"] == "#4a7ba6" })
    let numbers = Picture.numbers(bars.attributes["d"] ?? "")
    // c, then a.
    try #require(numbers.count == 6)
    #expect(numbers[1] == 21 && numbers[4] == 42)
    #expect(numbers[3] == numbers[0] && numbers[2] - numbers[0] == 4 * (numbers[5] - numbers[3]))
    #expect(picture.texts.map(\.text).contains("1 · figure: bars from 0 to 4"))
  }

  @Test("A legend has the categories in the tree, and counts those that share a colour")
  func legend() throws {
    let names = (0..<40).map { "c\($0)" }
    let hierarchy = try ClusterHierarchy.joining(
      [(0, 1)] + (2..<38).map { ($0, 38 + $0) }, names: names, empty: [38, 39])
    let strip = ClusterAnnotation(name: "each its own", categories: names.map { "of \($0)" })
    for circular in [false, true] {
      let texts = try picture(hierarchy, [strip], circular: circular).texts.map(\.text)
      #expect(texts.contains("1 · each its own") && texts.contains("18 others"))
      #expect(texts.count { $0.hasPrefix("of ") } == 20 && texts.contains("1"))
    }
  }

  @Test("A group's cell is divided among its categories, its number is the mean")
  func groups() throws {
    let picture = try picture(.four(), [kinds, figures], cut: 2)
    // Groups are b with c, and a with d.
    let parts = picture.paths.filter { $0.attributes["stroke-width"] == "17.6" }
    #expect(parts.map { $0.attributes["stroke"] } == Array(Palette.categoryColours.prefix(2)))
    let numbers = parts.map { Picture.numbers($0.attributes["d"] ?? "") }
    try #require(numbers.map(\.count) == [3, 3])
    #expect(numbers[0][1] == 0 && numbers[0][2] - numbers[0][0] == 36)
    #expect(numbers[1][1] == 21 && numbers[1][2] - numbers[1][0] == 18)
    #expect(picture.texts.contains { $0.title.contains("kind: y (2)\nfigure: 4") })
    #expect(picture.texts.contains { $0.title.contains("kind: x (1)\nfigure: 0.5") })
  }

  @Test("Around a circle strips lie between tips and names, one outside of the other")
  func circle() throws {
    let hierarchy = try ClusterHierarchy.chain(50)
    let strip = ClusterAnnotation(name: "s", categories: (0..<50).map { "\($0 % 3)" })
    let picture = try picture(hierarchy, [strip, strip], circular: true)
    let heads = picture.texts.filter { ["1", "2"].contains($0.text) && $0.attributes["x"] == "0" }
    let radii = try heads.map { -(try $0.number("y")) }.filter { $0 > 100 }.sorted()
    let name = try #require(picture.texts.first { $0.text == "c0" })
    #expect(try radii.count == 2 && radii[0] + 12 <= radii[1] && radii[1] < abs(name.number("x")))
  }

  @Test("Around a circle a line leads from each name that is short to its bar, and one along all bars")
  func leaders() throws {
    let hierarchy = try ClusterHierarchy.joining([(0, 1), (2, 3)], names: ["a", "b", "a name that is long"])
    let leaders = try picture(hierarchy, [], circular: true).paths.filter {
      $0.attributes["stroke"] == "#e4e4e4" && $0.attributes["d"]?.contains("L") == true
    }
    #expect(leaders.count == 1 && leaders.first?.attributes["d"]?.count(where: { $0 == "M" }) == 3)
  }

  @Test("All that is in a picture with strips is inside its frame, whatever is known", arguments: Way.all, seeds(4))
  func frame(way: Way, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let hierarchy = try ClusterHierarchy.random(random.int(3...120), &random)
    let count = hierarchy.clusters.count
    var options = way.options(cut: random.happens(0.5) ? random.int(1...hierarchy.merges.count + 1) : nil)
    options.strips = [
      ClusterAnnotation(name: "none", categories: (0..<count).map { _ in nil }),
      ClusterAnnotation(name: "unknown", numbers: (0..<count).map { _ in nil }),
      ClusterAnnotation(name: "zero", numbers: (0..<count).map { _ in 0 }),
      ClusterAnnotation(
        name: "any", numbers: (0..<count).map { _ in random.happens(0.2) ? nil : Double(random.int(-90...90)) }),
      ClusterAnnotation(name: "years", numbers: (0..<count).map { _ in Double(random.int(1990...2026)) }),
      ClusterAnnotation(
        name: "<many> & \"more\"", categories: (0..<count).map { _ in "<\(random.int(0...40))> \u{1B}[31m" }),
    ]
    let svg = try Dendrogram(hierarchy, options).svg()
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    let picture = try Picture(svg)
    for text in picture.texts {
      for corner in try text.corners() { #expect(picture.x.contains(corner.x) && picture.y.contains(corner.y)) }
    }
    if !way.isCircular {
      for path in picture.paths {
        for start in Picture.starts(path.attributes["d"] ?? "") { #expect(picture.x.contains(start.x)) }
      }
    }
    #expect(picture.texts.map(\.text).contains("2 · unknown: nothing known"))
  }
}
