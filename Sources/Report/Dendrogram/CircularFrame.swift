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
  let hasBarsOutside = true
  private let tips: Int
  /// The root's distance from the centre.
  private let hub: Double
  /// The angle at the top, in radians, that is left open for the numbers of the axis.
  private static let gap = Double.pi / 18

  init(tips: Int) {
    self.tips = tips
    fontSize = tips <= 60 ? 12 : tips <= 400 ? 11 : 9
    // The circle on which names begin must be at least as long as all names are high, so that they don't touch.
    let needed = Double(tips) * fontSize * 1.2 / (2 * .pi - Self.gap)
    let radius = max(needed, 170 + 32 * log2(Double(tips + 1)))
    bar = max(36, radius / 40)
    hub = (0.03 * radius).rounded()
    length = max(60, radius - hub - DendrogramStyle.nameGap)
    stripWidth = max(12, radius / 60)
    captionSize = max(12, radius / 55)
    // Long names would make the circle small in comparison.
    longestName = min(DendrogramStyle.longestName, max(26, 0.7 * radius / fontSize))
    line = min(2.5, max(1.25, radius / 1200))
  }

  var thickness: Double { (0.62 * fontSize).rounded() }

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
    canvas.text(
      name.text, x: isRight ? radius : -radius, y: 0, size: fontSize, anchor: isRight ? .start : .end,
      rotation: isRight ? degrees - 90 : degrees + 90 - 360,
      note: name.note, tooltip: name.tooltip)
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
