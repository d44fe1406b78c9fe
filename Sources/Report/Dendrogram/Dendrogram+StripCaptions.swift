import Hierarchy

extension Dendrogram {
  /// What the strips stand for, by the numbers that are written above them.
  func stripCaptions() -> [Caption] {
    options.strips.enumerated().map { index, annotation in
      let title = "\(index + 1) · \(TextWidth.fitted(Text.shown(annotation.name), ems: Self.longestKey))"
      switch annotation.values {
      case .categories(let names, let categories):
        return .swatches(title: title, swatches(names, categories))
      case .numbers(let numbers):
        let values = tips.map { mean(of: numbers, below: $0.node) }
        guard let range = Self.range(of: values) else { return .text("\(title): nothing known") }
        let groups = tips.contains { $0.clusters > 1 } ? "; of groups the mean of their clusters" : ""
        if options.numberForm == .colours, let scale = NumberScale(values) {
          return .swatches(title: title + groups, Self.keys(of: scale))
        }
        return .text(
          "\(title): bars from \(Text.number(range.lowerBound)) to \(Text.number(range.upperBound))\(groups)")
      }
    }
  }

  /// The ends of a scale, and what is at quarters of it.
  private static func keys(of scale: NumberScale) -> [(colour: String, name: String)] {
    let last = NumberScale.shades - 1
    let shades = scale.range.lowerBound == scale.range.upperBound ? [last] : [0, 1, 2, 3, 4].map { $0 * last / 4 }
    return shades.map { (NumberScale.colour($0), Text.number(scale.value(of: $0))) }
  }

  /// The longest name in a legend, in units of the font's size.
  static let longestKey = 24.0

  /// The categories that clusters in the tree have, with their colours. Those that share a colour are counted.
  private func swatches(_ names: [String], _ categories: [Int?]) -> [(colour: String, name: String)] {
    let found = Set(hierarchy.leaves.compactMap { categories[$0] })
    var swatches = found.filter { $0 < Palette.categoryColours.count }.sorted().map {
      (Palette.categoryColour($0), TextWidth.fitted(Text.shown(names[$0]), ems: Self.longestKey))
    }
    let others = found.count - swatches.count
    if others > 0 { swatches.append((Palette.otherColour, Text.count(others, "other"))) }
    return swatches
  }

  /// What strips say of a tip, a line for each.
  func stripTexts(of tip: Tip) -> String {
    let clusters = hierarchy.leaves(below: tip.node)
    return options.strips.map { annotation in
      let text: String
      switch annotation.values {
      case .numbers(let numbers): text = mean(of: numbers, below: tip.node).map(Text.number) ?? "–"
      case .categories(let names, let categories):
        var counts: [Int: Int] = [:]
        for case let category? in clusters.map({ categories[$0] }) { counts[category, default: 0] += 1 }
        let found = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { category, count in
          Text.shown(names[category]) + (clusters.count > 1 ? " (\(count))" : "")
        }
        text = found.isEmpty ? "–" : Text.list(found, most: 5)
      }
      return "\n\(Text.shown(annotation.name)): \(text)"
    }.joined()
  }
}
