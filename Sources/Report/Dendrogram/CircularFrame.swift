import Glibc

/// The circular layout. The root is at the centre of a circle, which is the origin. The tips follow clockwise around
/// it, from the top on.
struct CircularFrame: DendrogramFrame {
  let length: Double
  let fontSize: Double
  let captionSize: Double
  let line: Double
  let bar: Double
  let longestName: Double
  let stripWidth: Double
  let hasBarsOutside: Bool
  private let tips: Int
  /// The root's distance from the centre.
  private let hub: Double
  /// The angle at the top, in radians, that is left open for the numbers of the axis.
  private static let gap = Double.pi / 18

  init(tips: Int, _ names: NameRoom) {
    self.tips = tips
    fontSize = names.areOfGroups ? 13 : tips <= 60 ? 12 : tips <= 400 ? 11 : 9
    hasBarsOutside = !names.areOfGroups && !names.isCut
    let usual = 170 + 32 * log2(Double(tips + 1))
    let radius: Double
    if names.areOfGroups {
      radius = min(usual, Self.pageRadius)
    } else {
      // The circle on which names begin must be at least as long as all names are high, so that they don't touch.
      let height = fontSize * (1.25 * Double(names.lines) - 0.05)
      let needed = Double(tips) * height / (2 * .pi - Self.gap)
      // Names of groups are long, and the circle is not to be small within them.
      radius = max(needed, usual, names.isCut ? 2.2 * (names.ems ?? 0) * fontSize : 0)
    }
    hub = (0.03 * radius).rounded()
    bar = names.areOfGroups ? 20 : names.isCut ? 30 : max(36, radius / 40)
    length = max(60, radius - hub - DendrogramStyle.nameGap)
    stripWidth = max(12, radius / 60)
    captionSize = max(12, radius / 55)
    // Long names would make the circle small in comparison.
    longestName = names.ems ?? min(DendrogramStyle.longestName, max(26, 0.7 * radius / fontSize))
    let pitch = radius * (2 * .pi - Self.gap) / Double(tips)
    line = names.areOfGroups ? max(0.2, min(1.25, pitch / 2)) : min(2.5, max(1.25, radius / 1200))
  }

  /// The radius of a tree whose groups are named, for one page.
  private static let pageRadius = 330.0

  /// As much as names are high, unless tips have none and are nearer together.
  var thickness: Double { min((0.62 * fontSize).rounded(), 0.7 * pitch(at: length)) }

  func pitch(at distance: Double) -> Double { max(0, hub + distance) * (2 * .pi - Self.gap) / Double(tips) }

  /// The angle of a row, in radians clockwise from the top.
  private func angle(_ row: Double) -> Double {
    Self.gap / 2 + (row + 0.5) / Double(tips) * (2 * .pi - Self.gap)
  }

  private func point(_ radius: Double, _ angle: Double) -> String {
    "\(SVGCanvas.number(radius * sin(angle))) \(SVGCanvas.number(-radius * cos(angle)))"
  }

  func move(row: Double, to distance: Double) -> String { "M" + point(hub + distance, angle(row)) }
  func stem(row: Double, to distance: Double) -> String { "L" + point(hub + distance, angle(row)) }

  func spine(at distance: Double, from first: Double, to second: Double) -> String {
    let radius = hub + distance
    let sweep = angle(second) - angle(first)
    let number = SVGCanvas.number(radius)
    return "A\(number) \(number) 0 \(abs(sweep) > .pi ? 1 : 0) \(sweep > 0 ? 1 : 0) \(point(radius, angle(second)))"
  }

  func triangle(row: Double, from apex: Double, to base: Double, thickness: Double) -> String {
    let radius = hub + base
    let half = thickness / 2 / radius
    let middle = angle(row)
    return "M\(point(hub + apex, middle))L\(point(radius, middle - half))L\(point(radius, middle + half))Z"
  }

  func write(_ name: Dendrogram.Name, row: Int, at distance: Double, on canvas: inout SVGCanvas) {
    let degrees = angle(Double(row)) * 180 / .pi
    let isRight = degrees <= 180
    // On the left a name is turned by 180°, so that it is not upside down. It ends where it would begin.
    let radius = hub + distance
    canvas.lines(
      name.lines, x: isRight ? radius : -radius, y: 0, size: fontSize, anchor: isRight ? .start : .end,
      rotation: isRight ? degrees - 90 : degrees + 90 - 360, tooltip: name.tooltip)
  }

  /// Names on a larger circle, to the right of it and to the left, each as high as its group if there is room.
  func place(_ rows: [Double], heights: [Double], at distance: Double) -> [Dendrogram.PlacedName] {
    let (inner, outer) = (hub + distance, hub + distance + DendrogramStyle.leader)
    var placed = [Dendrogram.PlacedName?](repeating: nil, count: rows.count)
    let right = rows.indices.filter { angle(rows[$0]) <= .pi }
    // On the left rows go up.
    let left = rows.indices.reversed().filter { angle(rows[$0]) > .pi }
    for (side, indices) in [(1.0, right), (-1.0, left)] {
      let places = LabelSpread.spread(
        indices.map { -outer * cos(angle(rows[$0])) }, heights: indices.map { heights[$0] })
      for (index, y) in zip(indices, places) {
        // One that had to move away from its place must not come to lie across its own leader.
        let x = side * max(max(0, outer * outer - y * y).squareRoot(), abs(outer * sin(angle(rows[index]))))
        placed[index] = Dendrogram.PlacedName(
          x: x + side * 4, y: y, anchor: side > 0 ? .start : .end,
          leader: "M\(point(inner, angle(rows[index])))L\(SVGCanvas.number(x)) \(SVGCanvas.number(y))")
      }
    }
    return placed.compactMap(\.self)
  }

  func write(figure: String, row: Double, at distance: Double, size: Double, on canvas: inout SVGCanvas) {
    let degrees = angle(row) * 180 / .pi
    let isRight = degrees <= 180
    let radius = hub + distance - DendrogramStyle.figureGap
    canvas.text(
      figure, x: isRight ? radius : -radius, y: isRight ? -0.6 * size : 0.6 * size, size: size,
      anchor: isRight ? .end : .start, rotation: isRight ? degrees - 90 : degrees + 90 - 360)
  }

  func write(head: String, at distance: Double, size: Double, on canvas: inout SVGCanvas) {
    canvas.text(head, x: 0, y: -(hub + distance), size: size, anchor: .middle)
  }

  /// The whole circle is in the picture, also where there are no names.
  func include(_ distance: Double, on canvas: inout SVGCanvas) {
    canvas.include(-hub - distance, -hub - distance)
    canvas.include(hub + distance, hub + distance)
  }

  func drawScales(_ axis: DendrogramAxis, samples: Int, on canvas: inout SVGCanvas) {
    let size = captionSize * 0.85
    // A number that is too wide for the gap is left out.
    let ticks = axis.ticks(apart: 2 * size / length).filter {
      let width = TextWidth.ems($0.text) * size
      return width < (hub + $0.depth * length) * Self.gap
    }
    canvas.group("fill=\"none\" stroke=\"\(DendrogramStyle.grid)\" stroke-width=\"\(SVGCanvas.number(line * 0.8))\"") {
      canvas in
      for tick in ticks {
        let radius = hub + tick.depth * length
        let number = SVGCanvas.number(radius)
        canvas.path(
          "M\(point(radius, Self.gap / 2))A\(number) \(number) 0 1 1 \(point(radius, -Self.gap / 2))")
      }
    }
    let attributes = "font-size=\"\(SVGCanvas.number(size))\" fill=\"\(DendrogramStyle.faintText)\""
    canvas.group(attributes) { canvas in
      for tick in ticks {
        canvas.text(
          tick.text, x: 0, y: -(hub + tick.depth * length), size: size, anchor: .middle)
      }
    }
  }
}
