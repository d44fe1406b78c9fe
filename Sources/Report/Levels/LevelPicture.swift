import Glibc
import Hierarchy

/// The curve of levels: for every number of groups the part of the doubt that is inside groups, and what of it is chance.
package struct LevelPicture {
  /// Colours, which may be variables of a page's style.
  struct Colours {
    let text: String
    let faintText: String
    let grid: String
    let inside: String
    let support: String
    /// nil if there is none.
    let background: String?

    static let paper = Colours(
      text: DendrogramStyle.text, faintText: DendrogramStyle.faintText, grid: DendrogramStyle.grid,
      inside: Palette.colours[1], support: Palette.colours[3], background: "#fff")
    static let page = Colours(
      text: "var(--ink)", faintText: "var(--faint)", grid: "var(--line)", inside: "var(--accent)",
      support: Palette.colours[1], background: nil)
  }

  private let levels: Levels
  private let title: String?
  private let width: Double
  private let height: Double
  private let size: Double
  private let colours: Colours
  private let leaves: Int

  package init(_ levels: Levels, title: String? = nil) {
    self.init(levels, title: title, width: 560, height: 300, size: 12, .paper)
  }

  init(_ levels: Levels, title: String?, width: Double, height: Double, size: Double, _ colours: Colours) {
    self.levels = levels
    self.title = title
    self.width = width
    self.height = height
    self.size = size
    self.colours = colours
    leaves = levels.all.count + 1
  }

  /// Where a number of groups is from left to right, on a logarithmic scale.
  func x(_ groups: Int) -> Double {
    leaves > 2 ? width * log(Double(groups) / 2) / log(Double(leaves) / 2) : width / 2
  }

  private func y(_ part: Double) -> Double { height * (1 - min(1, max(0, part))) }

  // MARK: Parts

  /// The picture, an SVG document.
  package func svg() -> String { svg("role=\"img\"") }

  func svg(_ attributes: String) -> String {
    var canvas = SVGCanvas()
    canvas.include(0, 0)
    canvas.include(width, height)
    drawGrid(on: &canvas)
    drawCurves(on: &canvas)
    drawRecommended(on: &canvas)
    drawCaptions(on: &canvas)
    return document(canvas, attributes)
  }

  private func drawGrid(on canvas: inout SVGCanvas) {
    let numbers = ticks
    var grid = ""
    for part in [0, 0.25, 0.5, 0.75, 1] { grid += "M0 \(SVGCanvas.number(y(part)))H\(SVGCanvas.number(width))" }
    for groups in numbers { grid += "M\(SVGCanvas.number(x(groups))) 0V\(SVGCanvas.number(height))" }
    canvas.path(grid, " fill=\"none\" stroke=\"\(colours.grid)\"")
    let small = size * 0.9
    canvas.group("font-size=\"\(SVGCanvas.number(small))\" fill=\"\(colours.faintText)\"") { canvas in
      for part in [0, 0.25, 0.5, 0.75, 1] {
        canvas.text("\(Text.fixed(100 * part, digits: 0)) %", x: -0.6 * size, y: y(part), size: small, anchor: .end)
      }
      for groups in numbers {
        canvas.text(Text.grouped(groups), x: x(groups), y: height + size, size: small, anchor: .middle)
      }
      canvas.text("groups", x: width / 2, y: height + 2.4 * size, size: small, anchor: .middle)
    }
  }

  /// 2, 5, 10, 20, 50, …, and the number of leaves, where there is room for them.
  private var ticks: [Int] {
    let last = max(2, leaves)
    var ticks: [Int] = []
    func isClear(_ groups: Int, of other: Int?) -> Bool { other.map { x(groups) - x($0) >= 2.5 * size } ?? true }
    var decade = 1
    while decade < last {
      for groups in [2 * decade, 5 * decade, 10 * decade]
      where groups < last && isClear(groups, of: ticks.last) && isClear(last, of: groups) { ticks.append(groups) }
      decade *= 10
    }
    return ticks + [last]
  }

  private func drawCurves(on canvas: inout SVGCanvas) {
    let inside = points { $0.inside }
    let chance = points { $0.chance }
    guard let first = inside.first, let last = inside.last else { return }
    canvas.path(
      "M" + (inside + chance.reversed()).joined(separator: "L") + "Z",
      " fill=\"\(colours.inside)\" fill-opacity=\".1\"")
    canvas.group("fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\"") { canvas in
      line(chance, " stroke=\"\(colours.faintText)\" stroke-width=\"1.2\" stroke-dasharray=\"2 3\"", on: &canvas)
      line(
        points { $0.support }, " stroke=\"\(colours.support)\" stroke-width=\"1.2\" stroke-dasharray=\"6 3\"",
        on: &canvas)
      line(inside, " stroke=\"\(colours.inside)\" stroke-width=\"2\"", on: &canvas)
      // A tree of two clusters has one level.
      if first == last { canvas.path("M\(first)h0", " stroke=\"\(colours.inside)\" stroke-width=\"6\"") }
    }
  }

  private func line(_ points: [String], _ attributes: String, on canvas: inout SVGCanvas) {
    if points.count > 1 { canvas.path("M" + points.joined(separator: "L"), attributes) }
  }

  /// Where a figure lies at the levels that have it, of those closer than half a pixel only one.
  private func points(_ figure: (Levels.Level) -> Double?) -> [String] {
    var points: [String] = []
    var last = -Double.infinity
    for level in levels.all {
      guard let value = figure(level) else { continue }
      let place = x(level.groups)
      guard place - last >= 0.5 || level.groups == leaves || levels.recommended.contains(level.groups) else { continue }
      points.append("\(SVGCanvas.number(place)) \(SVGCanvas.number(y(value)))")
      last = place
    }
    return points
  }

  private func drawRecommended(on canvas: inout SVGCanvas) {
    for (rank, groups) in levels.recommended.enumerated() {
      guard let level = levels.level(groups) else { continue }
      let place = SVGCanvas.number(x(groups))
      let note = "\(Text.count(groups, "group")): \(level.reason)"
      canvas.path(
        "M\(place) 0V\(SVGCanvas.number(height))",
        " fill=\"none\" stroke=\"\(colours.text)\" stroke-width=\"\(rank == 0 ? 1.5 : 0.8)\"", tooltip: note)
      canvas.path(
        "M\(place) \(SVGCanvas.number(y(level.inside)))h0",
        " fill=\"none\" stroke=\"\(colours.text)\" stroke-width=\"7\" stroke-linecap=\"round\"", tooltip: note)
      canvas.text(
        Text.grouped(groups), x: x(groups), y: -size, size: size, anchor: .middle,
        attributes: " font-size=\"\(SVGCanvas.number(size))\" font-weight=\"\(rank == 0 ? 700 : 400)\"", tooltip: note)
    }
  }

  private func drawCaptions(on canvas: inout SVGCanvas) {
    var y = height + 4.6 * size
    let hasSupport = levels.all.contains { $0.support != nil }
    var captions = [
      (colours.inside, "", "doubt that falls inside groups"), (colours.faintText, "2 3", "by chance"),
    ]
    if hasSupport { captions.append((colours.support, "6 3", "mean support of groups of several clusters")) }
    if !levels.recommended.isEmpty { captions.append((colours.text, "", "levels that stand out")) }
    canvas.group("font-size=\"\(SVGCanvas.number(size))\" fill=\"\(colours.faintText)\"") { canvas in
      for (colour, dashes, text) in captions {
        let pattern = dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\""
        canvas.path(
          "M0 \(SVGCanvas.number(y))h\(SVGCanvas.number(2 * size))",
          " fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"\(pattern)")
        canvas.text(text, x: 2.8 * size, y: y, size: size)
        y += 1.5 * size
      }
      if levels.recommended.isEmpty {
        canvas.text("No level stands out", x: 0, y: y, size: size)
      }
    }
    if let title {
      canvas.text(
        title, x: 0, y: -3 * size, size: 1.4 * size,
        attributes: " font-size=\"\(SVGCanvas.number(1.4 * size))\" font-weight=\"600\"")
    }
  }

  private func document(_ canvas: SVGCanvas, _ attributes: String) -> String {
    let box = canvas.box(margin: colours.background == nil ? 2 : DendrogramStyle.margin)
    let fonts = colours.background == nil ? "" : " font-family=\"\(DendrogramStyle.fonts)\""
    let background = colours.background.map {
      "<rect x=\"\(box[0])\" y=\"\(box[1])\" width=\"\(box[2])\" height=\"\(box[3])\" fill=\"\($0)\"/>\n"
    }
    // Within a page, HTML says what the element is.
    let namespace = colours.background == nil ? "" : " xmlns=\"http://www.w3.org/2000/svg\""
    return """
      <svg\(namespace) \(attributes) viewBox="\(box.joined(separator: " "))" width="\(box[2])" \
      height="\(box[3])"\(fonts) fill="\(colours.text)">
      <title>\(SVGCanvas.escaped(title ?? "Doubt inside groups, by their number"))</title>
      \(background ?? "")\(canvas.elements)</svg>

      """
  }
}
