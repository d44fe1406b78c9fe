import Hierarchy

extension Levels.Level {
  /// Why to cut here, in words.
  package var reason: String {
    var reason = "\(Text.percent(inside)) of the doubt is inside groups, \(Text.percent(chance)) by chance"
    if let gains {
      if gains.next > 0 {
        reason +=
          ", and the next merges are weak: they take together \(Text.fixed(gains.next, digits: 1)) times what chance would, those "
          + "before \(Text.fixed(gains.before, digits: 1)) times"
      } else {
        reason += ", and the next merges add nothing to it"
      }
    }
    if let support, let leastSupport {
      let least = Text.fixed(leastSupport, digits: 2)
      reason += "; its groups' support is \(Text.fixed(support, digits: 2)), at least \(least)"
    }
    return reason
  }
}

extension Levels {
  /// Why no level stands out, in words.
  package var reasonForNone: String {
    if doubt == 0 { return "rows leave no doubt that could fall inside groups" }
    guard let shuffledModularity else {
      return "at no number of groups are the next merges less than half as strong as those before"
    }
    return """
      where the next merges are weak, the doubt inside groups is no further above chance than if it fell to clusters at \
      random (by up to \(Text.percent(shuffledModularity)))
      """
  }

  /// The levels to list, if not all are: those that are recommended or furthest above chance, and 2, 3, 5, 10, 20, 50, …
  package var listed: [Level] {
    var groups = Set(recommended + [3, all.last?.groups ?? 2] + (furthestAboveChance.map { [$0.groups] } ?? []))
    var decade = 1
    while decade < all.count + 2 {
      groups.formUnion([2 * decade, 5 * decade, 10 * decade])
      decade *= 10
    }
    return groups.sorted().compactMap(level)
  }
}
