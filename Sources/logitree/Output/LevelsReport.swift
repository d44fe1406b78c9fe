import Hierarchy
import Report
import Store

/// What a tree is like at every number of groups: as text a few of them, as JSON and CSV all.
struct LevelsReport {
  private let store: String
  private let stored: StoredHierarchy
  private let levels: Levels

  init(store: String, _ stored: StoredHierarchy, _ levels: Levels) {
    self.store = store
    self.stored = stored
    self.levels = levels
  }

  private var rows: Int { stored.hierarchy.clusters.reduce(0) { $0 + $1.samples } }

  // MARK: Text

  var text: Message {
    let head: Message = """
      \(store): \(Text.count(rows, "row")), \(Text.count(levels.all.count + 1, "cluster")) in the tree, doubt of a row \
      \(Text.percent(levels.doubt))
      """
    guard !levels.all.isEmpty else { return "\(head)\n\nthe tree has one leaf, and no levels" }
    let table = Message(drawn: table.text)
    return "\(head)\n\n\(recommendation)\n\n\(table)\n\(notes)"
  }

  private var recommendation: Message {
    guard levels.recommended.isEmpty else {
      return levels.recommended.compactMap(levels.level).map {
        "\(Text.count($0.groups, "group")): \($0.reason)" as Message
      }
      .joined(separator: "\n")
    }
    let none: Message = "No level stands out: \(levels.reasonForNone)."
    guard let furthest = levels.furthestAboveChance, levels.shuffledModularity.map({ furthest.modularity > $0 }) ?? true
    else { return none }
    return """
      \(none)
      Doubt inside groups is furthest above chance with \(Text.count(furthest.groups, "group")): \
      \(Text.percent(furthest.inside)), \(Text.percent(furthest.chance)) by chance.
      """
  }

  private var table: AlignedTable {
    var table = AlignedTable([
      .init("groups", .right), .init("inside", .right), .init("by chance", .right), .init("certainty", .right),
      .init("balance", .right), .init("largest", .right), .init("support", .right), .init("least", .right),
      .init("next share", .right), .init("margin", .right), .init(""),
    ])
    for level in levels.listed {
      let rank = levels.recommended.firstIndex(of: level.groups)
      table.add([
        Text.grouped(level.groups), Text.percent(level.inside), Text.percent(level.chance),
        Text.percent(level.certainty), Text.fixed(level.sampleBalance, digits: 2), Text.percent(level.largest),
        level.support.map { Text.fixed($0, digits: 2) } ?? "",
        level.leastSupport.map { Text.fixed($0, digits: 2) } ?? "",
        Text.percent(level.nextShare), Text.percent(level.nextMargin),
        rank.map { $0 == 0 ? "recommended" : "recommended, \($0 + 1)." } ?? "",
      ])
    }
    return table
  }

  private var notes: Message {
    let support: Message =
      stored.hierarchy.support == nil
      ? Advice.supportOfLevels(store)
      : "support, least: how often the groups of several clusters come out again, on average and at least"
    let unknown: Message =
      levels.unknown < 0.005
      ? ""
      : """

      \(Text.percent(levels.unknown)) of the doubt falls to clusters that sketches don't keep, and is taken to fall to all of \
      them alike
      """
    let trees: Message =
      levels.shuffledTrees == 0 || levels.isShuffledInFull
      ? ""
      : """

      levels were held against \(levels.shuffledTrees) trees of shuffled doubt: that none of so many is as good happens by \
      chance once in \(levels.shuffledTrees + 1) times
      """
    return """
      inside: the part of the doubt that falls to clusters of the row's own group
      certainty: the mean probability of a row's own group
      balance: of the samples over groups; 1 if all groups have as many. largest: the largest group's part of them
      next share, margin: of the merge that makes it one group less
      \(support)\(unknown)\(trees)
      """
  }

  // MARK: CSV

  var csv: String {
    var text = """
      groups,recommended,certainty,inside,chance,even_inside,even_chance,modularity,gain_before,gain_next,\
      sample_balance,cluster_balance,largest,support,least_support,next_share,next_margin

      """
    for level in levels.all {
      let rank = levels.recommended.firstIndex(of: level.groups).map { "\($0 + 1)" } ?? ""
      let figures: [Double?] = [
        level.certainty, level.inside, level.chance, level.evenInside, level.evenChance, level.modularity,
        level.gains?.before, level.gains?.next, level.sampleBalance, level.clusterBalance, level.largest, level.support,
        level.leastSupport, level.nextShare, level.nextMargin,
      ]
      text += "\(level.groups),\(rank)," + figures.map { $0.map { "\($0)" } ?? "" }.joined(separator: ",") + "\n"
    }
    return text
  }

  // MARK: JSON

  func json() throws -> String { try JSONText.of(Document(store: store, rows: rows, levels)) }

  private struct Document: Encodable {
    struct Recommendation: Encodable {
      let groups: Int
      let reason: String
    }

    let store: String
    let rows: Int
    let clusters: Int
    let doubt: Double
    let unknownDoubt: Double
    let recommended: [Recommendation]
    /// Why none is.
    let reason: Nullable<String>
    let furthestAboveChance: Nullable<Int>
    let shuffledModularity: Nullable<Double>
    let shuffledTrees: Int
    let levels: [Row]

    init(store: String, rows: Int, _ levels: Levels) {
      self.store = store
      self.rows = rows
      clusters = levels.all.count + 1
      doubt = levels.doubt
      unknownDoubt = levels.unknown
      recommended = levels.recommended.compactMap(levels.level).map {
        Recommendation(groups: $0.groups, reason: $0.reason)
      }
      reason = Nullable(levels.recommended.isEmpty ? levels.reasonForNone : nil)
      furthestAboveChance = Nullable(levels.furthestAboveChance?.groups)
      shuffledModularity = Nullable(levels.shuffledModularity)
      shuffledTrees = levels.shuffledTrees
      self.levels = levels.all.map(Row.init)
    }
  }

  private struct Row: Encodable {
    let groups: Int
    let certainty, inside, chance, evenInside, evenChance, modularity: Double
    /// null where the level is none of those that are best at some resolution, or, of `gainBefore`, it is infinite.
    let gainBefore, gainNext: Nullable<Double>
    let sampleBalance, clusterBalance, largest: Double
    let support, leastSupport: Nullable<Double>
    let nextShare, nextMargin: Double

    init(_ level: Levels.Level) {
      groups = level.groups
      (certainty, inside, chance) = (level.certainty, level.inside, level.chance)
      (evenInside, evenChance, modularity) = (level.evenInside, level.evenChance, level.modularity)
      gainBefore = Nullable(level.gains.flatMap { $0.before.isFinite ? $0.before : nil })
      gainNext = Nullable(level.gains?.next)
      (sampleBalance, clusterBalance, largest) = (level.sampleBalance, level.clusterBalance, level.largest)
      (support, leastSupport) = (Nullable(level.support), Nullable(level.leastSupport))
      (nextShare, nextMargin) = (level.nextShare, level.nextMargin)
    }
  }
}
