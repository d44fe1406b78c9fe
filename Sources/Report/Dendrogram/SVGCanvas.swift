import Glibc

/// A picture that is being drawn: SVG elements, and the rectangle that they take.
struct SVGCanvas {
  private(set) var elements = ""
  private(set) var bounds: Bounds?

  /// A rectangle in pixels; x goes right, y goes down.
  struct Bounds {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>
  }

  enum Anchor: String { case start, middle, end }

  /// Extends the picture to include a point.
  mutating func include(_ x: Double, _ y: Double) {
    guard let old = bounds else {
      bounds = Bounds(x: x...x, y: y...y)
      return
    }
    bounds = Bounds(
      x: min(old.x.lowerBound, x)...max(old.x.upperBound, x), y: min(old.y.lowerBound, y)...max(old.y.upperBound, y))
  }

  /// Draws elements that share attributes, such as `fill="none"`. If `draw` draws nothing, nothing is added.
  mutating func group(_ attributes: String, _ draw: (inout SVGCanvas) -> Void) {
    let start = "<g \(attributes)>\n"
    elements += start
    draw(&self)
    if elements.hasSuffix(start) { elements.removeLast(start.count) } else { elements += "</g>\n" }
  }

  /// Draws a path. The caller includes the points it needs.
  mutating func path(_ data: String, _ attributes: String = "", tooltip: String? = nil) {
    guard !data.isEmpty else { return }
    elements += "<path d=\"\(data)\"\(attributes)"
    elements += tooltip.map { "><title>\(Self.escaped($0))</title></path>\n" } ?? "/>\n"
  }

  /// Draws a line of text, vertically centred at a point, and includes it in the picture.
  ///
  /// - Parameters:
  ///   - rotation: The angle in degrees, clockwise about the picture's origin.
  ///   - note: A text that follows in grey.
  mutating func text(
    _ text: String, x: Double, y: Double, size: Double, anchor: Anchor = .start, rotation: Double? = nil,
    attributes: String = "", note: String = "", tooltip: String? = nil
  ) {
    let width = size * (TextWidth.ems(text) + TextWidth.ems(note))
    let left =
      switch anchor {
      case .start: x
      case .middle: x - width / 2
      case .end: x - width
      }
    let angle = (rotation ?? 0) * .pi / 180
    for (cornerX, cornerY) in [
      (left, y - size / 2), (left + width, y - size / 2), (left, y + size / 2), (left + width, y + size / 2),
    ] {
      include(cornerX * cos(angle) - cornerY * sin(angle), cornerX * sin(angle) + cornerY * cos(angle))
    }
    elements += "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y + 0.35 * size))\""
    if let rotation { elements += " transform=\"rotate(\(Self.number(rotation)))\"" }
    if anchor != .start { elements += " text-anchor=\"\(anchor.rawValue)\"" }
    elements += "\(attributes)>\(Self.escaped(text))"
    if !note.isEmpty { elements += "<tspan fill=\"\(DendrogramStyle.faintText)\">\(Self.escaped(note))</tspan>" }
    elements += (tooltip.map { "<title>\(Self.escaped($0))</title>" } ?? "") + "</text>\n"
  }

  /// Draws lines of text, together vertically centred at a point.
  mutating func lines(
    _ lines: [GroupName.Line], x: Double, y: Double, size: Double, anchor: Anchor = .start, rotation: Double? = nil,
    tooltip: String
  ) {
    for (index, line) in lines.enumerated() {
      let offset = (Double(index) - Double(lines.count - 1) / 2) * 1.2 * size
      text(
        line.text, x: x, y: y + offset, size: size, anchor: anchor, rotation: rotation, note: line.note,
        tooltip: tooltip)
    }
  }

  /// The rectangle of the whole picture with a margin around it, in whole pixels: left, top, width, height.
  func box(margin: Double) -> [String] {
    let bounds = bounds ?? Bounds(x: 0...0, y: 0...0)
    let left = (bounds.x.lowerBound - margin).rounded(.down)
    let top = (bounds.y.lowerBound - margin).rounded(.down)
    let width = (bounds.x.upperBound + margin).rounded(.up) - left
    let height = (bounds.y.upperBound + margin).rounded(.up) - top
    return [left, top, width, height].map(Self.number)
  }

  /// A number with at most two decimals.
  static func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let (whole, fraction) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if fraction == 0 { return "\(sign)\(whole)" }
    let digits = fraction.isMultiple(of: 10) ? "\(fraction / 10)" : fraction < 10 ? "0\(fraction)" : "\(fraction)"
    return "\(sign)\(whole == 0 ? "" : String(whole)).\(digits)"
  }

  /// Text escaped for XML, with � for control characters, most of which XML 1.0 does not allow.
  static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x26: escaped.append(contentsOf: "&amp;".unicodeScalars)
      case 0x3C: escaped.append(contentsOf: "&lt;".unicodeScalars)
      case 0x3E: escaped.append(contentsOf: "&gt;".unicodeScalars)
      case 0x22: escaped.append(contentsOf: "&quot;".unicodeScalars)
      case 0x09, 0x0A: escaped.append(scalar)
      case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}
