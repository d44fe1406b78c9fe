/// A group alive, and what is known of what it gives to each other.
struct Giver: Sendable {
  let group: Group
  private(set) var bounds: GivenSums
  /// What was asked for where bounds were not enough: exact sums, or the best guess.
  private var finer: GivenSums?
  private(set) var isGuess = false

  init(_ group: Group, bounds: GivenSums) {
    self.group = group
    self.bounds = bounds
  }

  /// Whether there is nothing to ask for.
  var isKnownExactly: Bool { bounds.isExact || finer != nil && !isGuess }

  mutating func take(exact: GivenSums) { (finer, isGuess) = (exact, false) }

  mutating func take(guess: GivenSums) { (finer, isGuess) = (guess, true) }

  mutating func merge(_ first: Int, _ second: Int, into node: Int) {
    bounds.merge(first, second, into: node)
    finer?.merge(first, second, into: node)
  }

  /// The one that gets most by what is known best.
  mutating func finestBest(_ groups: GroupForest) -> GivenSums.Receiver? {
    finer == nil ? bounds.best(groups) : finer?.best(groups)
  }

  /// By what is known best, the most that any group gets but one.
  mutating func finestMost(except node: Int?, smallest: Int, _ groups: GroupForest) -> PairAverage {
    finer?.most(except: node, smallest: smallest, groups) ?? bounds.most(except: node, smallest: smallest, groups)
  }

  var finestTotal: UInt128 { finer?.total ?? bounds.total }

  mutating func best(_ groups: GroupForest) -> GivenSums.Receiver? { bounds.best(groups) }

  mutating func most(except node: Int?, smallest: Int, _ groups: GroupForest) -> PairAverage {
    bounds.most(except: node, smallest: smallest, groups)
  }
}
