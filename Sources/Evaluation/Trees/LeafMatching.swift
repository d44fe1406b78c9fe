/// Which leaf of one tree is which of another, by their names.
///
/// Names are the same if they are so to the character; then, of those left, if blanks around them are taken away; then if
/// underscores are taken for blanks, which Newick does. A name that several leaves of one tree have doesn't say which of
/// them is meant, and is left out.
package struct LeafMatching: Sendable, Equatable {
  /// Of each position in the first tree, the position in the second of the leaf with its name.
  package let counterparts: [Int?]
  /// Names that are in one tree alone, in the order of the trees.
  package let onlyInFirst: [String]
  package let onlyInSecond: [String]
  /// Names that both trees have, one of them several times.
  package let ambiguous: [String]
  /// How many names were not the same to the character.
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
