/// What a hierarchy is like at every number of groups, and at which it is worth cutting.
public struct Levels: Sendable, Equatable {
  /// The hierarchy cut into some number of groups.
  public struct Level: Sendable, Equatable {
    /// The number of groups, 2 to that of leaves.
    public var groups: Int
    /// The mean probability of a row's own group.
    public var certainty: Double
    /// The part of all doubt, Σ (1 − g) over rows, that falls to clusters of the row's own group; by chance, how much would.
    public var inside: Double
    public var chance: Double
    /// The same if each cluster's doubt counts alike, however large it is.
    public var evenInside: Double
    public var evenChance: Double
    /// The entropy of the groups' samples, and of their clusters, as a part of the most it can be: 1 if all groups are as large.
    public var sampleBalance: Double
    public var clusterBalance: Double
    /// The largest group's part of all samples.
    public var largest: Double
    /// The mean and the least transfer support of the groups of several clusters; nil if nobody has found out, or there are
    /// none.
    public var support: Double?
    public var leastSupport: Double?
    /// Of the merge that takes two of the groups together.
    public var nextShare: Double
    public var nextMargin: Double
    /// How much the merges that lead to this level, and those that lead on from it, put inside groups as a multiple of chance;
    /// nil if the level is none of those that are best at some resolution.
    public var gains: Gains?

    package init(
      groups: Int, certainty: Double, inside: Double, chance: Double, evenInside: Double, evenChance: Double,
      sampleBalance: Double, clusterBalance: Double, largest: Double, nextShare: Double, nextMargin: Double
    ) {
      self.groups = groups
      self.certainty = certainty
      self.inside = inside
      self.chance = chance
      self.evenInside = evenInside
      self.evenChance = evenChance
      self.sampleBalance = sampleBalance
      self.clusterBalance = clusterBalance
      self.largest = largest
      self.nextShare = nextShare
      self.nextMargin = nextMargin
    }

    /// How far the doubt inside groups is above chance, each cluster's counting alike.
    public var modularity: Double { evenInside - evenChance }
  }

  /// What merges before and after a level add to the doubt inside groups, as multiples of what they add by chance.
  public struct Gains: Sendable, Equatable {
    public var before: Double
    public var next: Double

    package init(before: Double, next: Double) {
      self.before = before
      self.next = next
    }

    /// How much weaker the next merges are; infinite if they add nothing.
    public var contrast: Double { before / next }

    /// Whether merges up to the level are better than chance, and at least ``leastContrast`` times as good as those after it.
    public var standOut: Bool { before > 1 && before >= Levels.leastContrast * next }
  }

  /// From 2 groups to as many as there are leaves.
  public var all: [Level]
  /// The numbers of groups to cut at, the best first; none if no level stands out.
  public var recommended: [Int]
  /// The mean doubt of a row, 1 − g.
  public var doubt: Double
  /// The part of all doubt of which sketches only tell that it falls to clusters that they don't keep.
  public var unknown: Double
  /// The highest modularity of trees whose doubt was shuffled; nil if no level came so far that it was asked for.
  public var shuffledModularity: Double?
  /// How many trees these are.
  public var shuffledTrees: Int

  package init(
    all: [Level], recommended: [Int], doubt: Double, unknown: Double, shuffledModularity: Double?, shuffledTrees: Int
  ) {
    self.all = all
    self.recommended = recommended
    self.doubt = doubt
    self.unknown = unknown
    self.shuffledModularity = shuffledModularity
    self.shuffledTrees = shuffledTrees
  }

  /// The trees of shuffled doubt that levels are held against, if doubt does not fall to too many.
  public static let mostShuffledTrees = 99

  /// Whether a level that stands out is so good by chance once in a hundred times only; or if none stands out, which the first
  /// tree may tell.
  public var isShuffledInFull: Bool { recommended.isEmpty || shuffledTrees >= Self.mostShuffledTrees }

  /// The level with so many groups.
  public func level(_ groups: Int) -> Level? { all.indices.contains(groups - 2) ? all[groups - 2] : nil }

  /// The level with the highest modularity, of equals the one with fewest groups; nil if there is none above 0.
  public var furthestAboveChance: Level? {
    guard let most = all.map(\.modularity).max(), most > 0 else { return nil }
    return all.first { $0.modularity == most }
  }

  /// The least contrast of a level that stands out.
  public static let leastContrast = 2.0
  /// The most levels that are recommended.
  static let mostRecommended = 5

  /// Of levels that may be recommended, those with the largest contrast, the largest first. Of levels whose numbers of groups
  /// differ by less than a fifth only the best is taken: they are the same to whoever chooses.
  package static func best(_ levels: [Level]) -> [Int] {
    let sorted = levels.sorted { a, b in
      let (first, second) = (a.gains?.contrast ?? 0, b.gains?.contrast ?? 0)
      return first == second ? a.groups < b.groups : first > second
    }
    var best: [Int] = []
    for groups in sorted.map(\.groups) where best.count < mostRecommended {
      let isApart = best.allSatisfy { 5 * abs($0 - groups) >= max($0, groups) }
      if isApart { best.append(groups) }
    }
    return best
  }
}
