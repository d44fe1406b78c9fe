import Foundation
import Hierarchy
import Report
import TestSupport
import Testing

@Suite("Names of groups in pictures")
struct GroupNameTests {
  /// A tree of so many clusters whose groups may have terms.
  private func tree(_ clusters: Int, seed: UInt64, named: Bool) throws -> ClusterHierarchy {
    var random = SeededGenerator(seed: seed)
    var hierarchy = try ClusterHierarchy.random(clusters, &random)
    guard named else { return hierarchy }
    hierarchy.terms = (0..<hierarchy.clusters.count + hierarchy.merges.count).map { node in
      let size = hierarchy.clusterCount(of: node)
      return NodeTerm(term: "term \(node)", leaves: max(1, size / 2), size: size, termSize: size)
    }
    return hierarchy
  }

  private func picture(
    _ hierarchy: ClusterHierarchy, groups: Int, circular: Bool, letters: Int? = nil
  ) throws -> (picture: Picture, svg: String) {
    var options = Dendrogram.Options(isCircular: circular)
    options.groupNames = groups
    options.nameLetters = letters
    let svg = try Dendrogram(hierarchy, options).svg()
    return (try Picture(svg), svg)
  }

  @Test(
    "Names of groups stand beside a tree of all clusters, in their order, and none touches another",
    arguments: [false, true], seeds(5))
  func places(circular: Bool, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let hierarchy = try tree(random.int(3...400), seed: seed, named: random.happens(0.5))
    let count = random.int(1...min(40, hierarchy.merges.count + 1))
    let picture = try picture(hierarchy, groups: count, circular: circular).picture
    let groups = try Cut(hierarchy, into: count).groups
    let lines = picture.texts.filter { !$0.title.isEmpty }
    #expect(try picture.joints().count == hierarchy.merges.count)
    var boxes: [(node: String, x: ClosedRange<Double>, y: ClosedRange<Double>)] = []
    for line in lines {
      let corners = try line.corners()
      #expect(line.rotation == 0)
      boxes.append(
        (line.title, corners[0].x...corners[1].x, corners[0].y...corners[2].y))
    }
    for (index, box) in boxes.enumerated() {
      #expect(picture.x.contains(box.x.lowerBound) && picture.x.contains(box.x.upperBound))
      for other in boxes[..<index] where other.x.overlaps(box.x) {
        #expect(box.y.lowerBound >= other.y.upperBound - 0.1 || other.y.lowerBound >= box.y.upperBound - 0.1)
      }
    }
    let firstLines = lines.enumerated().filter { $0 == 0 || lines[$0 - 1].title != $1.title }.map(\.element)
    #expect(firstLines.count <= count)
    for group in groups where group.clusters.count > 1 {
      #expect(firstLines.contains { $0.title.hasPrefix(group.label) })
    }
  }

  @Test("Brackets along the tips are as long as their groups, and have their colours, twenty without a repeat")
  func brackets() throws {
    let hierarchy = try tree(300, seed: 5, named: true)
    let picture = try picture(hierarchy, groups: 20, circular: false).picture
    let brackets = picture.paths.filter { $0.attributes["stroke-width"] == "5" }
    let groups = try Cut(hierarchy, into: 20).groups
    #expect(brackets.count == 20 && Set(brackets.compactMap { $0.attributes["stroke"] }).count == 20)
    let spans = brackets.map { Picture.numbers($0.attributes["d"] ?? "") }
    #expect(zip(spans, spans.dropFirst()).allSatisfy { $0[2] < $1[1] })
    let pitch = 960 / Double(hierarchy.merges.count + 1)
    for (span, group) in zip(spans, groups) {
      #expect(abs(span[2] - span[1] - pitch * Double(group.clusters.count)) <= 0.6 * pitch + 0.02)
    }
  }

  @Test("Thousands of clusters make a picture for one page", arguments: [false, true])
  func page(circular: Bool) throws {
    for count in [1000, 5000] {
      let hierarchy = try tree(count, seed: 1, named: true)
      let (picture, svg) = try picture(hierarchy, groups: 20, circular: circular)
      let (width, height) = (picture.x.upperBound - picture.x.lowerBound, picture.y.upperBound - picture.y.lowerBound)
      #expect(width < 1600 && (0.4...2).contains(width / height) && svg.utf8.count < 500 * count)
      if count == 1000 { #expect(height < 1300) }
    }
  }

  @Test("A term has below it how well it fits, and the members that there is room for; without one they take two lines")
  func lines() throws {
    let names = ["Slovenian", "Lithuanian", "a very long name of a language that nobody speaks", "Latvian"]
    var hierarchy = try ClusterHierarchy.joining([(0, 1), (4, 2), (5, 3)], names: names, samples: [9, 8, 7, 6])
    func lines(letters: Int) throws -> [String] {
      var options = Dendrogram.Options(cut: 1)
      options.nameLetters = letters
      return try Picture(Dendrogram(hierarchy, options).svg()).texts.filter { !$0.title.isEmpty }
        .map { $0.text.replacing("\u{200E}", with: "") }
    }
    #expect(try lines(letters: 90) == ["Slovenian / Lithuanian / \(names[2]) +1"])
    let two = try lines(letters: 40)
    #expect(
      two.count == 2 && two[0] == "Slovenian / Lithuanian /" && two[1].hasPrefix("a very long")
        && two[1].hasSuffix("… +1"))
    hierarchy.terms = (0..<7).map { _ in NodeTerm(term: "Baltic", leaves: 2, size: 4, termSize: 2) }
    #expect(try lines(letters: 40) == ["Baltic", "2 of 4: Slovenian, Lithuanian"])
    #expect(try lines(letters: 10) == ["Baltic", "2 of 4"])
  }

  @Test("A group of one cluster has its name, whatever term fits it")
  func single() throws {
    var hierarchy = try ClusterHierarchy.four(names: ["tench", "ray", "hen", "cock"])
    hierarchy.terms = (0..<7).map { NodeTerm(term: "term \($0)", leaves: 1, size: 1, termSize: 1) }
    for groups in [3, 4] {
      let texts = try picture(hierarchy, groups: groups, circular: true).picture.texts.filter { !$0.title.isEmpty }
      #expect(texts.contains { $0.text == "tench" } && !texts.contains { $0.text == "term 0" })
    }
  }

  @Test("Circles of a cut are large beside their names")
  func circle() throws {
    let names = (0..<60).map { "a class with quite a long name, number \($0)" }
    let pairs = (1..<60).map { ($0 == 1 ? 0 : 58 + $0, $0) }
    let hierarchy = try ClusterHierarchy.joining(pairs, names: names)
    let picture = try Picture(Dendrogram(hierarchy, .init(isCircular: true, cut: 20)).svg())
    let name = try #require(picture.texts.first { $0.title.hasPrefix("a class") })
    let diameter = try 2 * abs(name.number("x"))
    #expect(diameter > 0.55 * (picture.x.upperBound - picture.x.lowerBound))
  }

  @Test("Colours stand for terms that a legend has, where no name of a group is in the picture")
  func legend() throws {
    let hierarchy = try tree(60, seed: 9, named: true)
    let texts = try Picture(Dendrogram(hierarchy).svg()).texts.map(\.text)
    let groups = try Cut(hierarchy, into: 9).groups
    #expect(texts.contains("Colours") && groups.allSatisfy { texts.contains($0.label) })
  }
}
