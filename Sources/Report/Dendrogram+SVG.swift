import Hierarchy

/// Colours and distances that both layouts share, in pixels.
enum Style {
  static let text = "#222222"
  static let faintText = "#6b6b6b"
  static let grid = "#e4e4e4"
  static let margin = 20.0
  /// Between tips and bars.
  static let tipGap = 5.0
  /// Between the longest bar and names.
  static let nameGap = 6.0
  /// The longest line of text, in units of its size.
  static let longestName = 60.0
  static let fonts =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif"
}

extension Dendrogram {
  /// A tip's name as it is written.
  struct Name {
    let text: String
    /// What follows in grey.
    let note: String
    let tooltip: String
  }

  /// The picture, an SVG document.
  ///
  /// - Complexity: O(K) time and memory, no recursion.
  public func svg() -> String {
    var canvas = SVGCanvas()
    if options.isCircular {
      let frame = CircularFrame(tips: tips.count)
      draw(frame, on: &canvas)
      write(captions, size: frame.captionSize, bar: frame.bar, on: &canvas)
    } else {
      let frame = HorizontalFrame(tips: tips.count)
      draw(frame, on: &canvas)
      frame.drawBarScale(mostSamples, at: frame.length + Style.tipGap, &canvas)
      write(captions, size: frame.captionSize, bar: frame.bar, on: &canvas)
    }
    return document(canvas)
  }

  private var mostSamples: Int { tips.map(\.samples).max() ?? 0 }

  private func draw(_ frame: some DendrogramFrame, on canvas: inout SVGCanvas) {
    frame.drawAxis(axis, on: &canvas)
    canvas.group("fill=\"none\" stroke-width=\"\(SVGCanvas.number(frame.line))\" stroke-linecap=\"square\"") { canvas in
      for (colour, data) in byColour(branchLines(frame)) { canvas.path(data, " stroke=\"\(colour)\"") }
    }
    for (colour, data) in byColour(triangles(frame)) {
      canvas.path(
        data,
        " fill=\"\(colour)\" stroke=\"\(colour)\" stroke-width=\"\(SVGCanvas.number(frame.line))\" stroke-linejoin=\"round\" fill-opacity=\".35\""
      )
    }
    let thickness = SVGCanvas.number(frame.thickness)
    canvas.group("fill=\"none\" stroke-width=\"\(thickness)\" stroke-opacity=\".55\"") { canvas in
      for (colour, data) in byColour(bars(frame)) { canvas.path(data, " stroke=\"\(colour)\"") }
    }
    canvas.group("font-size=\"\(SVGCanvas.number(frame.fontSize))\"") { canvas in
      for (row, tip) in tips.enumerated() {
        frame.write(
          name(of: tip, longest: frame.longestName), row: row,
          at: frame.length + Style.tipGap + frame.bar + Style.nameGap, on: &canvas)
      }
    }
    // Nothing that is seen, but where the pointer finds a merge's figures: wider than its line.
    canvas.group("fill=\"none\" stroke=\"none\" stroke-width=\"8\" pointer-events=\"stroke\"") { canvas in
      let labels = MergeLabels(hierarchy)
      for branch in branches {
        let distance = branch.place.depth * frame.length
        canvas.path(
          frame.move(row: branch.first.row, to: distance)
            + frame.spine(at: distance, from: branch.first.row, to: branch.second.row),
          tooltip: tooltip(of: branch.place.node, label: labels[branch.place.node]))
      }
    }
  }

  /// A part of the picture and the group that it is in.
  private typealias Shape = (group: Int?, data: String)

  /// Data of paths put together by colour, the neutral one first.
  private func byColour(_ shapes: [Shape]) -> [(colour: String, data: String)] {
    var neutral = ""
    var coloured = [String](repeating: "", count: Palette.colours.count)
    for shape in shapes {
      if let group = shape.group { coloured[group % coloured.count] += shape.data } else { neutral += shape.data }
    }
    return [(Palette.neutral, neutral)] + coloured.enumerated().map { (Palette.colour($0), $1) }
  }

  /// A branch has the colour of what it leads to; so has the line that joins its children.
  private func branchLines(_ frame: some DendrogramFrame) -> [Shape] {
    var shapes: [Shape] = []
    for branch in branches {
      let distance = branch.place.depth * frame.length
      let start = frame.move(row: branch.first.row, to: branch.first.depth * frame.length)
      let joint = frame.spine(at: distance, from: branch.first.row, to: branch.second.row)
      let end = frame.stem(row: branch.second.row, to: branch.second.depth * frame.length)
      let inwards = frame.stem(row: branch.first.row, to: distance)
      if branch.first.group == branch.place.group, branch.second.group == branch.place.group {
        shapes.append((branch.place.group, start + inwards + joint + end))
      } else {
        shapes.append((branch.first.group, start + inwards))
        shapes.append((branch.place.group, frame.move(row: branch.first.row, to: distance) + joint))
        shapes.append((branch.second.group, frame.move(row: branch.second.row, to: distance) + end))
      }
    }
    // What leads to the root.
    let root = branches.last?.place ?? Branch.Place(node: hierarchy.root, row: 0, depth: 1, group: tips[0].group)
    let distance = root.depth * frame.length
    shapes.append(
      (root.group, frame.move(row: root.row, to: max(-8, distance - 60)) + frame.stem(row: root.row, to: distance)))
    return shapes
  }

  private func triangles(_ frame: some DendrogramFrame) -> [Shape] {
    let most = tips.map(\.clusters).max() ?? 1
    return tips.enumerated().compactMap { row, tip in
      guard tip.clusters > 1 else { return nil }
      // As thick as the group is large, but to be seen.
      let thickness = frame.thickness * (0.5 + (Double(tip.clusters) / Double(most)).squareRoot())
      let apex = axis.depth(ofTip: tip.node) * frame.length
      return (tip.group, frame.triangle(row: Double(row), from: apex, to: frame.length, thickness: thickness))
    }
  }

  private func bars(_ frame: some DendrogramFrame) -> [Shape] {
    let most = Double(max(1, mostSamples))
    return tips.enumerated().map { row, tip in
      let start = frame.length + Style.tipGap
      let end = start + max(0.75, frame.bar * Double(tip.samples) / most)
      return (tip.group, frame.move(row: Double(row), to: start) + frame.stem(row: Double(row), to: end))
    }
  }

  private func document(_ canvas: SVGCanvas) -> String {
    let bounds = canvas.bounds ?? SVGCanvas.Bounds(x: 0...0, y: 0...0)
    let left = (bounds.x.lowerBound - Style.margin).rounded(.down)
    let top = (bounds.y.lowerBound - Style.margin).rounded(.down)
    let width = (bounds.x.upperBound + Style.margin).rounded(.up) - left
    let height = (bounds.y.upperBound + Style.margin).rounded(.up) - top
    let box = [left, top, width, height].map(SVGCanvas.number)
    let title = SVGCanvas.escaped(
      options.title ?? "Hierarchy of \(ReportText.count(hierarchy.merges.count + 1, "cluster"))")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="\(box.joined(separator: " "))" width="\(box[2])" \
      height="\(box[3])" font-family="\(Style.fonts)" fill="\(Style.text)">
      <title>\(title)</title>
      <rect x="\(box[0])" y="\(box[1])" width="\(box[2])" height="\(box[3])" fill="#fff"/>
      \(canvas.elements)</svg>

      """
  }
}
