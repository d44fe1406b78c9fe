import Texts

/// Matches the leaves of two trees by their names.
///
/// Leaves whose names have the same bytes are matched first. Of those left, names are compared as text, in which accents
/// may be composed or not, then also without blanks around them, then with underscores read as blanks, as in Newick. A name that several leaves of one tree have does not say which of
/// them is meant, so it is left out.
package struct LeafMatching: Sendable, Equatable {
  /// For each position in the first tree, the position of its counterpart in the second; nil if there is none.
  package let counterparts: [Int?]
  /// Names that are in one tree only, in the order of the tree.
  package let onlyInFirst: [String]
  package let onlyInSecond: [String]
  /// Names that both trees have, and at least one of them several times.
  package let ambiguous: [String]
  /// How many matched names are not the same to the byte.
  package let nearlySame: Int

  package init(_ first: [String], _ second: [String]) {
    var counterparts = [Int?](repeating: nil, count: first.count)
    let (firstNames, secondNames) = (first.map { ByteText($0) }, second.map { ByteText($0) })
    let ambiguous = Self.repeated(firstNames).union(Self.repeated(secondNames))
      .intersection(firstNames).intersection(secondNames)
    var firstLeft = first.indices.filter { !ambiguous.contains(firstNames[$0]) }
    var secondLeft = second.indices.filter { !ambiguous.contains(secondNames[$0]) }
    var nearlySame = 0
    /// Matches those left by what stands for their names, and returns how many.
    func match<Key: Hashable>(_ firstKey: (Int) -> Key, _ secondKey: (Int) -> Key) -> Int {
      let candidates = Dictionary(grouping: secondLeft, by: secondKey)
      var taken: Set<Int> = []
      for (key, positions) in Dictionary(grouping: firstLeft, by: firstKey) {
        guard positions.count == 1, let found = candidates[key], found.count == 1 else { continue }
        counterparts[positions[0]] = found[0]
        taken.insert(found[0])
      }
      firstLeft.removeAll { counterparts[$0] != nil }
      secondLeft.removeAll { taken.contains($0) }
      return taken.count
    }
    _ = match({ firstNames[$0] }, { secondNames[$0] })
    for normalized in Self.normalizations {
      nearlySame += match({ normalized(first[$0]) }, { normalized(second[$0]) })
    }
    self.counterparts = counterparts
    self.ambiguous = ambiguous.sorted().map(\.string)
    self.nearlySame = nearlySame
    onlyInFirst = firstLeft.map { first[$0] }
    onlyInSecond = secondLeft.map { second[$0] }
  }

  /// The same without leaves whose counterparts are not among some positions in the second tree.
  package func restricted(to positions: Set<Int>) -> LeafMatching {
    LeafMatching(self, counterparts: counterparts.map { $0.flatMap { positions.contains($0) ? $0 : nil } })
  }

  private init(_ matching: LeafMatching, counterparts: [Int?]) {
    self.counterparts = counterparts
    onlyInFirst = matching.onlyInFirst
    onlyInSecond = matching.onlyInSecond
    ambiguous = matching.ambiguous
    nearlySame = matching.nearlySame
  }

  private static func repeated(_ names: [ByteText]) -> Set<ByteText> {
    Set(Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys)
  }

  private static let normalizations: [@Sendable (String) -> String] = [
    { $0 },
    { $0.withoutOuterSpace },
    { $0.withBlanksForUnderscores.withoutOuterSpace },
  ]
}

extension String {
  fileprivate var withBlanksForUnderscores: String {
    String(decoding: utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
  }
}
