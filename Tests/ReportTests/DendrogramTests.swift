import Foundation
import Hierarchy
import Report
import TestSupport
import Testing

/// A drawing in one of the ways there are.
struct Way: Sendable, CustomTestStringConvertible {
  let scale: Dendrogram.Scale
  let isCircular: Bool

  static let all = Dendrogram.Scale.allCases.flatMap { scale in
    [false, true].map { Way(scale: scale, isCircular: $0) }
  }

  var testDescription: String { "\(isCircular ? "circular" : "horizontal"), by \(scale)" }

  func options(cut: Int? = nil, colours: Int? = nil) -> Dendrogram.Options {
    Dendrogram.Options(scale: scale, isCircular: isCircular, cut: cut, colours: colours)
  }
}

/// A tree of a size that the seed decides.
private func randomTree(_ seed: UInt64) throws -> ClusterHierarchy {
  var random = SeededGenerator(seed: seed)
  return try .random(random.int(3...150), &random)
}

private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 0.02 }

@Suite("Dendrograms")
struct DendrogramTests {
  /// The names in a picture, in order.
  private func names(_ picture: Picture, of hierarchy: ClusterHierarchy) -> [Picture.Element] {
    let names = Set(hierarchy.leaves.map { hierarchy.clusters[$0].name })
    return picture.texts.filter { names.contains($0.text) }
  }

  @Test("Leaves follow evenly from top to bottom, in the order of the tree", arguments: seeds(20))
  func rows(seed: UInt64) throws {
    let hierarchy = try randomTree(seed)
    for scale in Dendrogram.Scale.allCases {
      let names = names(try Picture(Dendrogram(hierarchy, .init(scale: scale)).svg()), of: hierarchy)
      #expect(names.map(\.text) == hierarchy.leaves(below: hierarchy.root).map { hierarchy.clusters[$0].name })
      let heights = try names.map { try $0.number("y") }
      let gaps = zip(heights, heights.dropFirst()).map { $1 - $0 }
      #expect(gaps.allSatisfy { isNear($0, gaps[0]) && $0 >= 12 })
    }
  }

  @Test("Leaves follow evenly clockwise around a circle, none upside down", arguments: seeds(20))
  func angles(seed: UInt64) throws {
    let hierarchy = try randomTree(seed)
    for scale in Dendrogram.Scale.allCases {
      let picture = try Picture(Dendrogram(hierarchy, .init(scale: scale, isCircular: true)).svg())
      let names = names(picture, of: hierarchy)
      #expect(names.map(\.text) == hierarchy.leaves(below: hierarchy.root).map { hierarchy.clusters[$0].name })
      #expect(names.allSatisfy { (-90.01...90.01).contains($0.rotation) })
      // A text on the left is turned by half a circle, and begins at a negative distance.
      let angles = try names.map { try $0.number("x") < 0 ? $0.rotation + 180 : $0.rotation }
      let gaps = zip(angles, angles.dropFirst()).map { $1 - $0 }
      #expect(gaps.allSatisfy { isNear($0, gaps[0]) && $0 > 0 })
      let radius = try abs(names[0].number("x"))
      #expect(try gaps.allSatisfy { $0 * .pi / 180 * radius >= (try names[0].number("font-size")) })
    }
  }

  @Test(
    "A merge is to the left of what it joins, and reaches from the middle of one to that of the other",
    arguments: seeds(20))
  func horizontalBranches(seed: UInt64) throws {
    let hierarchy = try randomTree(seed)
    for scale in Dendrogram.Scale.allCases {
      let picture = try Picture(Dendrogram(hierarchy, .init(scale: scale)).svg())
      let names = names(picture, of: hierarchy)
      let joints = try picture.joints()
      #expect(joints.keys.sorted() == hierarchy.merges.map(\.step))
      var middle: [Int: Double] = [:]
      for (leaf, name) in zip(hierarchy.leaves(below: hierarchy.root), names) {
        middle[leaf] = try name.number("y") - 0.35 * name.number("font-size")
      }
      for merge in hierarchy.merges {
        let joint = try #require(joints[merge.step])
        middle[merge.node] = (joint.ends.first + joint.ends.second) / 2
        let (first, second) = try #require(hierarchy.children(of: merge.node))
        #expect(try isNear(joint.ends.first, #require(middle[first])))
        #expect(try isNear(joint.ends.second, #require(middle[second])))
        for child in [first, second] {
          let right = hierarchy.merge(making: child).flatMap { joints[$0.step]?.x }
          let end = try right ?? names[0].number("x")
          #expect(scale.isStrict ? joint.x < end : joint.x <= end)
        }
      }
    }
  }

  @Test("Around a circle a merge is nearer to the centre than what it joins", arguments: seeds(20))
  func circularBranches(seed: UInt64) throws {
    let hierarchy = try randomTree(seed)
    for scale in Dendrogram.Scale.allCases {
      let picture = try Picture(Dendrogram(hierarchy, .init(scale: scale, isCircular: true)).svg())
      let joints = try picture.joints()
      #expect(joints.keys.sorted() == hierarchy.merges.map(\.step))
      let outside = try abs(names(picture, of: hierarchy)[0].number("x"))
      for merge in hierarchy.merges {
        let joint = try #require(joints[merge.step])
        for point in joint.points { #expect(isNear(hypot(point.x, point.y), joint.radius)) }
        for child in [merge.lowest, merge.partner] {
          let other = hierarchy.merge(making: child).flatMap { joints[$0.step]?.radius } ?? outside
          #expect(scale.isStrict ? joint.radius < other : joint.radius <= other)
        }
      }
    }
  }

  @Test("A merge stands where the number of groups left, or of clusters below, is on the axis")
  func axis() throws {
    let hierarchy = try ClusterHierarchy.chain(101)
    for scale in Dendrogram.Scale.allCases where scale.isStrict {
      let picture = try Picture(Dendrogram(hierarchy, .init(scale: scale)).svg())
      let joints = try picture.joints()
      let ticks = picture.texts.filter { Int($0.text) != nil }
      #expect(Set(ticks.map(\.text)).isSuperset(of: ["1", "2", "5", "10", "20", "50", "101"]))
      for tick in ticks {
        let value = try #require(Int(tick.text))
        // In a chain of 101, step t leaves 101 − t groups, and makes a node of t + 1 clusters.
        let step = scale == .step ? 101 - value : value - 1
        if let joint = joints[step] { #expect(try isNear(joint.x, tick.number("x"))) }
      }
    }
  }

  @Test("All text is in the picture", arguments: Way.all, seeds(3))
  func texts(way: Way, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let letters = Array("abcdefWMWil  日本語🐈ЖЩدé")
    let count = random.int(1...60)
    let names = (0..<count).map { _ in
      String((0..<random.int(1...120)).map { _ in letters[random.int(0...letters.count - 1)] })
    }
    let shape = count > 1 ? try ClusterHierarchy.random(max(3, count), &random) : try .single()
    let clusters = zip(shape.clusters.indices, shape.clusters).map { index, cluster in
      ClusterHierarchy.Cluster(
        name: names[index % count], samples: cluster.samples, meanProbability: cluster.meanProbability)
    }
    let hierarchy = try ClusterHierarchy(clusters: clusters, merges: shape.merges)
    var options = way.options(cut: random.happens(0.3) ? random.int(1...hierarchy.merges.count + 1) : nil)
    options.title = names[0]
    let picture = try Picture(Dendrogram(hierarchy, options).svg())
    #expect(picture.texts.count > count / 2)
    for text in picture.texts {
      for corner in try text.corners() {
        #expect(picture.x.contains(corner.x) && picture.y.contains(corner.y), "\(text.text)")
      }
    }
  }

  @Test("Leaves have the colours of their top groups, and groups side by side differ", arguments: seeds(20))
  func colours(seed: UInt64) throws {
    let hierarchy = try randomTree(seed)
    var random = SeededGenerator(seed: seed)
    let count = random.int(1...min(30, hierarchy.merges.count + 1))
    let picture = try Picture(Dendrogram(hierarchy, .init(colours: count)).svg())
    var bars: [(y: Double, colour: String)] = []
    for path in picture.paths where path.attributes["stroke-opacity"] == ".55" {
      let colour = try #require(path.attributes["stroke"])
      bars += Picture.starts(path.attributes["d"] ?? "").map { ($0.y, colour) }
    }
    let colours = bars.sorted { $0.y < $1.y }.map(\.colour)
    let groups = try Cut(hierarchy, into: count).groups
    #expect(colours.count == hierarchy.merges.count + 1)
    var next = 0
    var before = ""
    for group in groups {
      let mine = Set(colours[next..<next + group.clusters.count])
      #expect(mine.count == 1 && !mine.contains(before))
      before = mine.first ?? ""
      next += group.clusters.count
    }
  }

  @Test("Without colours all branches are neutral", arguments: Way.all)
  func neutral(way: Way) throws {
    let svg = try Dendrogram(.four(), way.options(colours: 0)).svg()
    #expect(Palette.colours.allSatisfy { !svg.contains($0) } && svg.contains(Palette.neutral))
  }

  static let hostile = [
    "<script>alert(1)</script>", "a & b", "\"quoted\"", "it's", "]]>", "-->", "nul \u{0} bell \u{7} escape \u{1B}[31m",
    "\u{FFFE}\u{FFFF}", "two\nlines", "日本語", "العربية", "🐈", "e\u{301}", "&amp;",
  ]

  @Test("Names of any kind make well-formed XML, and come out as text", arguments: Way.all)
  func names(way: Way) throws {
    let names = Self.hostile
    let pairs = [(0, 1)] + (2..<names.count).map { ($0, names.count + $0 - 2) }
    var options = way.options()
    options.title = names.joined()
    let picture = try Picture(Dendrogram(.joining(pairs, names: names), options).svg())
    #expect(!picture.elements.contains { $0.name == "script" })
    let found = Set(picture.texts.map(\.text))
    for name in names
    where name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0xFFFE && $0.value != 0xFFFF }) {
      #expect(found.contains(name), "\(name)")
    }
    #expect(
      found.isSuperset(of: [#"nul \u{0} bell \u{7} escape \u{1b}[31m"#, #"\u{fffe}\u{ffff}"#, #"two\u{a}lines"#]))
  }

  @Test(
    "A cut makes each group one leaf: its label, its number of clusters, a triangle if it has several",
    arguments: Way.all, seeds(3))
  func cut(way: Way, seed: UInt64) throws {
    let hierarchy = try randomTree(seed)
    let count = max(1, (hierarchy.merges.count + 1) / 3)
    let picture = try Picture(Dendrogram(hierarchy, way.options(cut: count)).svg())
    let groups = try Cut(hierarchy, into: count).groups
    // A name is of one line or two, all with the whole name as their title.
    var names: [(text: String, title: String)] = []
    for text in picture.texts where !text.title.isEmpty {
      if let last = names.last, last.title == text.title {
        names[names.count - 1].text += " " + text.text
      } else {
        names.append((text.text, text.title))
      }
    }
    #expect(names.count == count)
    for (name, group) in zip(names, groups) {
      let label = name.text.replacing("\u{200E}", with: "")
      #expect(label == group.label && name.title.hasPrefix(group.label))
      #expect(name.title.contains("\(group.clusters.count) clusters") == (group.clusters.count > 1))
    }
    let triangles = picture.paths.filter { $0.attributes["fill-opacity"] != nil }
      .reduce(0) { $0 + Picture.starts($1.attributes["d"] ?? "").count }
    #expect(triangles == groups.count { $0.clusters.count > 1 })
    #expect(try picture.joints().keys.sorted() == hierarchy.merges.map(\.step).suffix(count - 1))
  }

  @Test("A cut into more groups than there are leaves, or none, is an error")
  func wrongCut() throws {
    for count in [0, 5] {
      #expect(throws: CutError.self) { try Dendrogram(.four(), .init(cut: count)) }
    }
  }

  @Test("Clusters without samples are not drawn, but named below")
  func empty() throws {
    let hierarchy = try ClusterHierarchy.joining([(0, 2)], names: ["a", "gone", "b", "lost"], empty: [1, 3])
    for way in Way.all {
      let texts = try Picture(Dendrogram(hierarchy, way.options()).svg()).texts.map(\.text)
      #expect(texts.contains("Not drawn: 2 clusters without samples: gone, lost"))
      #expect(!texts.contains("gone"))
      #expect(texts.contains("2 clusters, 20 samples"))
    }
  }

  @Test("One leaf and two are drawn", arguments: Way.all)
  func few(way: Way) throws {
    let one = try Picture(Dendrogram(.single(), way.options()).svg())
    #expect(one.texts.contains { $0.text == "only" })
    let two = try Picture(Dendrogram(.joining([(0, 1)], names: ["a", "b"]), way.options()).svg())
    #expect(two.texts.map(\.text).filter { ["a", "b"].contains($0) } == ["a", "b"])
    #expect(try two.joints().count == 1)
    for cut in [1, 2] {
      _ = try Picture(Dendrogram(.joining([(0, 1)], names: ["a", "b"]), way.options(cut: cut)).svg())
    }
  }

  @Test("A chain of many leaves is drawn", arguments: Way.all)
  func chain(way: Way) throws {
    let leaves = extent(20_000, debugging: 4_000)
    let svg = try Dendrogram(.chain(leaves), way.options()).svg()
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(svg.utf8.count < 600 * leaves)
    let title = " of \(Text.grouped(leaves - 1))\n"
    #expect(try Picture(svg).paths.count { $0.title.contains(title) } == leaves - 1)
    #expect(try Dendrogram(.chain(leaves), way.options(cut: 10)).svg().utf8.count < 10_000)
  }

  @Test("A merge's tooltip has its figures, a leaf's its whole name and its samples")
  func tooltips() throws {
    let long = String(repeating: "long ", count: 60)
    let picture = try Picture(Dendrogram(.four(names: ["a", "b", "c", long])).svg())
    let titles = picture.elements.map(\.title)
    #expect(
      titles.contains(
        """
        b / c
        step 1 of 3
        2 clusters, 20 samples
        score 0.5, share 75.0 %, margin 12.5 %, exact
        """))
    #expect(titles.contains { $0.hasPrefix("\(long)\n10 samples, mean probability 0.5") })
  }
}

extension Dendrogram.Scale {
  /// Whether each merge has a place of its own, nearer to the root than what it joins.
  fileprivate var isStrict: Bool { self == .step || self == .clusters }
}
