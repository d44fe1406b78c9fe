import Glibc

/// The layout from left to right. The root is at x = 0, the first tip at y = 0.
struct HorizontalFrame: DendrogramFrame {
  let length: Double
  let fontSize: Double
  let captionSize = 12.0
  let line: Double
  let bar = 36.0
  let stripWidth = 12.0
  let hasBarsOutside = false
  let longestName: Double
  private let tips: Int
  /// The distance from one tip to the next.
  private let pitch: Double

  init(tips: Int, _ names: NameRoom) {
    self.tips = tips
    let usual: (size: Double, pitch: Double) = tips <= 40 ? (13, 21) : tips <= 400 ? (12, 16) : (11, 14)
    fontSize = names.areOfGroups ? 12 : usual.size
    // Without names of their own, so many tips as there may be make one page.
    pitch =
      names.areOfGroups
      ? min(usual.pitch, Self.pageHeight / Double(tips))
      : names.lines > 1 ? usual.size * (1.25 * Double(names.lines) + 0.35) : usual.pitch
    line = max(0.2, min(1.25, 0.6 * pitch))
    longestName = names.ems ?? DendrogramStyle.longestName
    length = (160 + 55 * log2(Double(tips + 1))).rounded()
  }

  /// The height of a tree whose groups are named, for one page.
  private static let pageHeight = 960.0

  /// Of a row with two lines of text as of one with one.
  var thickness: Double { pitch < 4 ? 0.7 * pitch : min(11, (0.5 * pitch).rounded()) }

  func pitch(at distance: Double) -> Double { pitch }

  private func x(_ distance: Double) -> String { SVGCanvas.number(distance) }
  private func y(_ row: Double) -> String { SVGCanvas.number(row * pitch) }

  func move(row: Double, to distance: Double) -> String { "M\(x(distance)) \(y(row))" }
  func stem(row: Double, to distance: Double) -> String { "H\(x(distance))" }
  func spine(at distance: Double, from first: Double, to second: Double) -> String { "V\(y(second))" }

  func triangle(row: Double, from apex: Double, to base: Double, thickness: Double) -> String {
    let half = thickness / 2 / pitch
    return "M\(x(apex)) \(y(row))L\(x(base)) \(y(row - half))V\(y(row + half))Z"
  }

  func write(_ name: Dendrogram.Name, row: Int, at distance: Double, on canvas: inout SVGCanvas) {
    canvas.lines(name.lines, x: distance, y: Double(row) * pitch, size: fontSize, tooltip: name.tooltip)
  }

  func place(_ rows: [Double], heights: [Double], at distance: Double) -> [Dendrogram.PlacedName] {
    let end = distance + DendrogramStyle.leader
    return zip(rows, LabelSpread.spread(rows.map { $0 * pitch }, heights: heights)).map { row, y in
      Dendrogram.PlacedName(
        x: end + 4, y: y, anchor: .start, leader: move(row: row, to: distance) + "L\(x(end)) \(SVGCanvas.number(y))")
    }
  }

  func write(figure: String, row: Double, at distance: Double, size: Double, on canvas: inout SVGCanvas) {
    canvas.text(figure, x: distance - DendrogramStyle.figureGap, y: row * pitch - 0.6 * size, size: size, anchor: .end)
  }

  func write(head: String, at distance: Double, size: Double, on canvas: inout SVGCanvas) {
    canvas.text(head, x: distance, y: min(-pitch, -6) - 9, size: size, anchor: .middle)
  }

  func include(_ distance: Double, on canvas: inout SVGCanvas) { canvas.include(distance, 0) }

  func drawScales(_ axis: DendrogramAxis, samples: Int, on canvas: inout SVGCanvas) {
    drawAxis(axis, on: &canvas)
    drawBarScale(samples, on: &canvas)
  }

  private func drawAxis(_ axis: DendrogramAxis, on canvas: inout SVGCanvas) {
    let ticks = axis.ticks(apart: 26 / length)
    guard !ticks.isEmpty else { return }
    let top = min(-pitch, -6)
    let bottom = (Double(tips) - 0.2) * pitch
    let grid = ticks.map { "M\(x($0.depth * length)) \(SVGCanvas.number(top))V\(SVGCanvas.number(bottom))" }.joined()
    canvas.path(grid, " fill=\"none\" stroke=\"\(DendrogramStyle.grid)\"")
    let isTall = tips > 40
    canvas.group("font-size=\"11\" fill=\"\(DendrogramStyle.faintText)\"") { canvas in
      for tick in ticks {
        for y in isTall ? [top - 9, bottom + 9] : [top - 9] {
          canvas.text(tick.text, x: tick.depth * length, y: y, size: 11, anchor: .middle)
        }
      }
      for y in isTall ? [top - 25, bottom + 25] : [top - 25] {
        canvas.text(axis.caption, x: -3, y: y, size: 11)
      }
    }
  }

  /// Writes, above the bars, what the longest bar stands for.
  private func drawBarScale(_ most: Int, on canvas: inout SVGCanvas) {
    let distance = length + DendrogramStyle.tipGap
    let y = SVGCanvas.number(-pitch - 9)
    let end = distance + bar
    canvas.path(
      "M\(x(distance)) \(y)m0 4v-4H\(x(end))v4", " fill=\"none\" stroke=\"\(DendrogramStyle.faintText)\"")
    canvas.text(
      Text.count(most, "sample"), x: distance, y: -pitch - 25, size: 11,
      attributes: " font-size=\"11\" fill=\"\(DendrogramStyle.faintText)\"")
  }
}
