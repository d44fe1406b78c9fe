import Hierarchy

/// The levels in the explorer's page: the curve, and the levels that stand out, which are there to be chosen.
struct LevelPanel {
  private let levels: Levels

  private static let height = 150.0

  init(_ levels: Levels) { self.levels = levels }

  /// Elements of the page. All text is the program's own.
  var html: String {
    let picture = LevelPicture(levels, title: nil, width: 300, height: Self.height, size: 12, .page)
    let first = picture.x(2)
    let last = picture.x(levels.all.count + 1)
    let scale =
      "id=\"level-curve\" role=\"img\" data-first=\"\(SVGCanvas.number(first))\" data-last=\"\(SVGCanvas.number(last))\" "
      + "data-bottom=\"\(SVGCanvas.number(Self.height))\""
    let entries = levels.recommended.compactMap(levels.level).map { level in
      "<li><button type=\"button\" class=\"link\" data-groups=\"\(level.groups)\">"
        + "\(Text.count(level.groups, "group"))</button> \(level.reason)</li>\n"
    }
    let list =
      entries.isEmpty
      ? "<p class=\"facts\">No level stands out: \(levels.reasonForNone).</p>\n"
      : "<ul id=\"levels\" class=\"facts\">\n\(entries.joined())</ul>\n"
    return picture.svg(scale) + list
  }
}
