import Hierarchy

extension Dendrogram {
  /// A column beside the tips for one annotation: cells in the colours of categories, or bars for numbers.
  struct Strip {
    let annotation: ClusterAnnotation
    /// Where it begins and ends, as distances from the root.
    let span: ClosedRange<Double>

    var middle: Double { (span.lowerBound + span.upperBound) / 2 }
    var width: Double { span.upperBound - span.lowerBound }
  }

  /// Where what is beside the tips begins, as distances from the root.
  struct TipColumns {
    var bars: Double
    var strips: [Strip] = []
    var names: Double
    /// Where the last one ends, but for names without anything outside of them.
    var end: Double
  }

  /// Strips are between tips and names. Bars are nearest to the tips; around a circle they are outside of the names, which
  /// would else float far away from the short ones.
  func columns(_ frame: some DendrogramFrame) -> TipColumns {
    let gap = DendrogramStyle.tipGap
    var end = frame.length + (frame.hasBarsOutside ? 0 : gap + frame.bar)
    var columns = TipColumns(bars: frame.length + gap, names: 0, end: 0)
    for annotation in options.strips {
      let width =
        switch annotation.values {
        // A group's cell is divided among its categories.
        case .categories: options.cut == nil ? frame.stripWidth : 3 * frame.stripWidth
        case .numbers: options.cut == nil && options.numberForm == .colours ? frame.stripWidth : 3 * frame.stripWidth
        }
      columns.strips.append(Strip(annotation: annotation, span: end + gap...end + gap + width))
      end += gap + width
    }
    columns.names = end + DendrogramStyle.nameGap
    if !groups.isEmpty { end += DendrogramStyle.nameGap + DendrogramStyle.bracket }
    columns.end = end
    if frame.hasBarsOutside {
      let longest = names(frame).map { $0.ems * frame.fontSize }.max() ?? 0
      columns.bars = columns.names + longest + gap
      columns.end = columns.bars + frame.bar
    }
    return columns
  }

  func drawStrips(_ frame: some DendrogramFrame, _ columns: TipColumns, on canvas: inout SVGCanvas) {
    for (index, strip) in columns.strips.enumerated() {
      switch strip.annotation.values {
      case .categories(_, let categories):
        if options.cut == nil {
          drawCells(categories, in: strip, frame, on: &canvas)
        } else {
          drawParts(categories, in: strip, frame, on: &canvas)
        }
      case .numbers(let numbers):
        switch options.numberForm {
        case .bars: drawNumbers(numbers, in: strip, frame, on: &canvas)
        case .colours: drawScale(numbers, in: strip, frame, on: &canvas)
        }
      }
      let size = 0.9 * frame.captionSize
      canvas.group("font-size=\"\(SVGCanvas.number(size))\" fill=\"\(DendrogramStyle.faintText)\"") { canvas in
        frame.write(head: String(index + 1), at: strip.middle, size: size, on: &canvas)
      }
    }
  }

  /// A cell for each run of tips with one category.
  private func drawCells(
    _ categories: [Int?], in strip: Strip, _ frame: some DendrogramFrame, on canvas: inout SVGCanvas
  ) {
    var paths: [Int: String] = [:]
    for run in Self.runs(tips.map { categories[$0.node].map(Palette.categoryIndex) }) {
      guard let colour = run.value else { continue }
      paths[colour, default: ""] += cell(run.rows, at: strip.middle, frame)
    }
    canvas.group("fill=\"none\" stroke-width=\"\(SVGCanvas.number(strip.width))\"") { canvas in
      for (colour, data) in paths.sorted(by: { $0.key < $1.key }) {
        canvas.path(data, " stroke=\"\(Palette.categoryColour(colour))\"")
      }
    }
  }

  private func cell(_ rows: Range<Int>, at distance: Double, _ frame: some DendrogramFrame) -> String {
    let (first, last) = (Double(rows.lowerBound) - 0.5, Double(rows.upperBound) - 0.5)
    return frame.move(row: first, to: distance) + frame.spine(at: distance, from: first, to: last)
  }

  /// Neighbouring rows with the same value.
  private static func runs<Value: Equatable>(_ values: [Value]) -> [(value: Value, rows: Range<Int>)] {
    var runs: [(value: Value, rows: Range<Int>)] = []
    for (row, value) in values.enumerated() {
      if let last = runs.last, last.value == value {
        runs[runs.count - 1].rows = last.rows.lowerBound..<row + 1
      } else {
        runs.append((value, row..<row + 1))
      }
    }
    return runs
  }

  /// For each tip a line across the strip, divided among the categories of its clusters; what is of none stays free.
  private func drawParts(
    _ categories: [Int?], in strip: Strip, _ frame: some DendrogramFrame, on canvas: inout SVGCanvas
  ) {
    var paths: [Int: String] = [:]
    for (row, tip) in tips.enumerated() {
      let clusters = hierarchy.leaves(below: tip.node)
      var counts: [Int: Int] = [:]
      for case let category? in clusters.map({ categories[$0].map(Palette.categoryIndex) }) {
        counts[category, default: 0] += 1
      }
      var start = strip.span.lowerBound
      for (colour, count) in counts.sorted(by: { $0.key < $1.key }) {
        let end = start + strip.width * Double(count) / Double(clusters.count)
        paths[colour, default: ""] +=
          frame.move(row: Double(row), to: start) + frame.stem(row: Double(row), to: end)
        start = end
      }
    }
    canvas.group("fill=\"none\" stroke-width=\"\(SVGCanvas.number(1.6 * frame.thickness))\"") { canvas in
      for (colour, data) in paths.sorted(by: { $0.key < $1.key }) {
        canvas.path(data, " stroke=\"\(Palette.categoryColour(colour))\"")
      }
    }
  }

  /// A bar for each tip with a number, and below them what is their room, so that 0 and no number differ.
  private func drawNumbers(
    _ numbers: [Double?], in strip: Strip, _ frame: some DendrogramFrame, on canvas: inout SVGCanvas
  ) {
    let values = tips.map { mean(of: numbers, below: $0.node) }
    guard let range = Self.range(of: values) else { return }
    let rooms = Self.runs(values.map { $0 != nil }).filter(\.value).map { cell($0.rows, at: strip.middle, frame) }
    canvas.path(
      rooms.joined(),
      " fill=\"none\" stroke=\"\(DendrogramStyle.room)\" stroke-width=\"\(SVGCanvas.number(strip.width))\"")
    func distance(_ value: Double) -> Double {
      strip.span.lowerBound + strip.width * (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
    let origin = distance(min(max(0, range.lowerBound), range.upperBound))
    var data = ""
    for case (let row, let value?) in zip(tips.indices, values) where distance(value) != origin {
      data += frame.move(row: Double(row), to: origin) + frame.stem(row: Double(row), to: distance(value))
    }
    let thickness = max(0.8, min(1.2 * frame.thickness, 0.8 * frame.pitch(at: strip.span.lowerBound)))
    canvas.path(
      data,
      " fill=\"none\" stroke=\"\(DendrogramStyle.numberColour)\" stroke-width=\"\(SVGCanvas.number(thickness))\"")
  }

  /// A cell in a colour of a scale for each tip with a number, or for each run of tips with one colour; of groups a line
  /// across the strip, as with categories.
  private func drawScale(
    _ numbers: [Double?], in strip: Strip, _ frame: some DendrogramFrame, on canvas: inout SVGCanvas
  ) {
    let values = tips.map { mean(of: numbers, below: $0.node) }
    guard let scale = NumberScale(values) else { return }
    var paths: [Int: String] = [:]
    for run in Self.runs(values.map { $0.map(scale.shade) }) {
      guard let shade = run.value else { continue }
      if options.cut == nil {
        paths[shade, default: ""] += cell(run.rows, at: strip.middle, frame)
      } else {
        for row in run.rows {
          paths[shade, default: ""] +=
            frame.move(row: Double(row), to: strip.span.lowerBound)
            + frame.stem(row: Double(row), to: strip.span.upperBound)
        }
      }
    }
    let thickness = options.cut == nil ? strip.width : 1.6 * frame.thickness
    canvas.group("fill=\"none\" stroke-width=\"\(SVGCanvas.number(thickness))\"") { canvas in
      for (shade, data) in paths.sorted(by: { $0.key < $1.key }) {
        canvas.path(data, " stroke=\"\(NumberScale.colour(shade))\"")
      }
    }
  }

  /// The mean of what is known of the clusters below a node.
  func mean(of numbers: [Double?], below node: Int) -> Double? {
    if hierarchy.isLeaf(node) { return numbers[node] }
    let known = hierarchy.leaves(below: node).compactMap { numbers[$0] }
    return known.isEmpty ? nil : known.reduce(0) { $0 + $1 / Double(known.count) }
  }

  /// What bars reach from and to: from 0, unless all numbers are close together far from it, as years are.
  static func range(of values: [Double?]) -> ClosedRange<Double>? {
    let known = values.compactMap(\.self)
    guard let least = known.min(), let most = known.max() else { return nil }
    if least > 0, most > least, most - least < most / 20 { return least...most }
    return least == 0 && most == 0 ? 0...1 : min(0, least)...max(0, most)
  }
}
