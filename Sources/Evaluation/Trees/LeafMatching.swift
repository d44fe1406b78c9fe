/// Matches the leaves of two trees by their names.
///
/// Leaves with equal names are matched first. Of those left, names are compared without blanks around them, then also
/// with underscores read as blanks, as in Newick. A name that several leaves of one tree have does not say which of
/// them is meant, so it is left out.
package struct LeafMatching: Sendable, Equatable {
  /// For each position in the first tree, the position of its counterpart in the second; nil if there is none.
  package let counterparts: [Int?]
  /// Names that are in one tree only, in the order of the tree.
  package let onlyInFirst: [String]
  package let onlyInSecond: [String]
  /// Names that both trees have, and at least one of them several times.
  package let ambiguous: [String]
  /// How many matched names are not exactly equal.
  package let nearlySame: Int

  package init(_ first: [String], _ second: [String]) {
    var counterparts = [Int?](repeating: nil, count: first.count)
    let ambiguous = Self.repeated(first).union(Self.repeated(second)).intersection(first).intersection(second)
    var firstLeft = first.indices.filter { !ambiguous.contains(first[$0]) }
    var secondLeft = second.indices.filter { !ambiguous.contains(second[$0]) }
    var nearlySame = 0
    for (step, normalized) in Self.normalizations.enumerated() {
      let candidates = Dictionary(grouping: secondLeft) { normalized(second[$0]) }
      let sought = Dictionary(grouping: firstLeft) { normalized(first[$0]) }
      for (name, positions) in sought {
        guard positions.count == 1, let found = candidates[name], found.count == 1 else { continue }
        counterparts[positions[0]] = found[0]
        if step > 0 { nearlySame += 1 }
      }
      let taken = Set(counterparts.compactMap(\.self))
      firstLeft.removeAll { counterparts[$0] != nil }
      secondLeft.removeAll { taken.contains($0) }
    }
    self.counterparts = counterparts
    self.ambiguous = ambiguous.sorted()
    self.nearlySame = nearlySame
    onlyInFirst = firstLeft.map { first[$0] }
    onlyInSecond = secondLeft.map { second[$0] }
  }

  private static func repeated(_ names: [String]) -> Set<String> {
    Set(Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys)
  }

  private static let normalizations: [@Sendable (String) -> String] = [
    { $0 },
    { $0.withoutOuterSpace },
    { $0.replacing("_", with: " ").withoutOuterSpace },
  ]
}
