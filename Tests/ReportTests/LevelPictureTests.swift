import Hierarchy
import Report
import Testing

@Suite("The picture of levels")
struct LevelPictureTests {
  private func levels(_ leaves: Int, recommended: [Int] = [], support: Double? = nil) -> Levels {
    let all = (2...leaves).map { groups in
      var level = Levels.Level(
        groups: groups, certainty: 0.9, inside: 1 / Double(groups), chance: 1 / Double(groups * groups),
        evenInside: 0.5,
        evenChance: 0.25, sampleBalance: 1, clusterBalance: 1, largest: 0.5, nextShare: 0.5, nextMargin: 0.5)
      if recommended.contains(groups) { level.gains = .init(before: 4, next: 1) }
      if groups < leaves { level.support = support }
      level.leastSupport = level.support
      return level
    }
    return Levels(all: all, recommended: recommended, doubt: 0.1, unknown: 0, shuffledModularity: nil, shuffledTrees: 0)
  }

  @Test("Names the numbers of groups that are recommended, inside the picture", arguments: [2, 3, 12, 100, 5000])
  func recommended(leaves: Int) throws {
    let groups = leaves > 3 ? [leaves / 2] : []
    let picture = try Picture(
      LevelPicture(levels(leaves, recommended: groups, support: 0.7), title: "A <&> title").svg())
    let texts = picture.texts.map(\.text)
    #expect(texts.contains("A <&> title") && texts.contains("by chance"))
    #expect(groups.allSatisfy { texts.contains(Text.grouped($0)) })
    #expect(texts.contains("No level stands out") == groups.isEmpty)
    let places = picture.texts.compactMap { Double($0.attributes["x"] ?? "") }
    #expect(places.allSatisfy { picture.x.contains($0) })
  }

  @Test("Has a point for about each pixel, however many levels there are")
  func thinned() {
    #expect(LevelPicture(levels(50_000)).svg().utf8.count < 60_000)
  }

  @Test("Best first is the largest contrast; of equals, fewer groups come first")
  func best() {
    var levels = levels(9).all
    levels[1].gains = .init(before: 4, next: 1)
    levels[3].gains = .init(before: 6, next: 1.5)
    levels[5].gains = .init(before: 2, next: 0)
    #expect(Levels.best([levels[3], levels[1], levels[5]]) == [7, 3, 5])
    levels[6].gains = .init(before: 9, next: 1)
    #expect(Levels.best(levels.filter { $0.gains != nil }) == [7, 3, 5], "8 groups are about as many as 7")
  }
}
