/// What a class is confused with: who gets what it loses, and who loses to it.
///
/// A class loses what its rows give to other classes when it is masked, R[{c}]. Shares are parts of all that a class loses.
public struct ClassConfusion: Sendable, Equatable {
  /// Another class, and a share.
  public struct Other: Sendable, Equatable {
    public var cluster: Int
    /// A part of what a class loses, 0...1.
    public var share: Double

    package init(cluster: Int, share: Double) {
      self.cluster = cluster
      self.share = share
    }
  }

  /// The classes that get most of what it loses, each with its part of that.
  public var getters: [Other]
  /// The classes of which the greatest part of what they lose goes to it, each with that part.
  public var givers: [Other]

  package init(getters: [Other], givers: [Other]) {
    self.getters = getters
    self.givers = givers
  }

  /// How many others are listed each way.
  package static let most = 5
}

extension ClusterHierarchy {
  /// What each class is confused with, by clusters. Of equal shares the larger sum comes first, then the smaller number.
  ///
  /// - Parameter given: R[{c}] of a cluster: clusters, each once, and what each gets.
  /// - Complexity: O(n log n) for n clusters in all that something is given to.
  package func confusions(given: (Int) -> (clusters: [Int], sums: [UInt128])) -> [ClassConfusion] {
    var getters = [TopShares](repeating: TopShares(), count: clusters.count)
    var givers = getters
    for giver in leaves {
      let (others, sums) = given(giver)
      let all = Double(sums.reduce(0, +))
      for (other, sum) in zip(others, sums) where sum > 0 && other != giver {
        let share = Double(sum) / all
        getters[giver].add(other, share, sum)
        givers[other].add(giver, share, sum)
      }
    }
    return zip(getters, givers).map { ClassConfusion(getters: $0.others, givers: $1.others) }
  }
}

/// The largest few of some shares.
private struct TopShares {
  private var entries: [(cluster: Int, share: Double, sum: UInt128)] = []

  var others: [ClassConfusion.Other] { entries.map { ClassConfusion.Other(cluster: $0.cluster, share: $0.share) } }

  mutating func add(_ cluster: Int, _ share: Double, _ sum: UInt128) {
    let place = entries.firstIndex { other in
      share != other.share ? share > other.share : sum != other.sum ? sum > other.sum : cluster < other.cluster
    }
    if place == nil, entries.count == ClassConfusion.most { return }
    entries.insert((cluster, share, sum), at: place ?? entries.count)
    if entries.count > ClassConfusion.most { entries.removeLast() }
  }
}
