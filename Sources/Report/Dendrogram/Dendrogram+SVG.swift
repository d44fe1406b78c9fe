import Hierarchy

extension Dendrogram {
  /// A tip's name as it is written.
  struct Name {
    let lines: [GroupName.Line]
    let tooltip: String

    /// The width, in units of the font's size.
    var ems: Double { lines.map(\.ems).max() ?? 0 }
  }

  /// The picture, an SVG document.
  ///
  /// - Complexity: O(K) time and memory, no recursion.
  package func svg() -> String {
    let lines = tips.map { $0.groupName?.lines.count ?? 1 }.max() ?? 1
    let room = NameRoom(
      areOfGroups: !groups.isEmpty, lines: lines,
      ems: options.nameEms ?? (options.cut == nil ? nil : options.groupNameWidth), isCut: options.cut != nil)
    return options.isCircular
      ? picture(in: CircularFrame(tips: tips.count, room)) : picture(in: HorizontalFrame(tips: tips.count, room))
  }

  private func picture(in frame: some DendrogramFrame) -> String {
    var canvas = SVGCanvas()
    let columns = columns(frame)
    frame.include(columns.end, on: &canvas)
    frame.drawScales(axis, samples: mostSamples, on: &canvas)
    drawTree(frame, columns, on: &canvas)
    drawStrips(frame, columns, on: &canvas)
    drawGroupNames(frame, columns, on: &canvas)
    drawNames(frame, at: columns.names, on: &canvas)
    drawSupport(frame, on: &canvas)
    drawTooltips(frame, on: &canvas)
    drawCaptions(frame, on: &canvas)
    return document(canvas)
  }

  private func drawTree(_ frame: some DendrogramFrame, _ columns: TipColumns, on canvas: inout SVGCanvas) {
    let line = "stroke-width=\"\(SVGCanvas.number(frame.line))\""
    canvas.group("fill=\"none\" stroke-linecap=\"square\" \(line)") { canvas in
      for (style, data) in byStyle(branchLines(frame), width: frame.line) { canvas.path(data, style) }
    }
    canvas.group("fill-opacity=\".35\" stroke-linejoin=\"round\" \(line)") { canvas in
      for (colour, data) in byColour(triangles(frame)) {
        canvas.path(data, " fill=\"\(colour)\" stroke=\"\(colour)\"")
      }
    }
    if frame.hasBarsOutside { drawLeaders(frame, columns, on: &canvas) }
    let thickness = SVGCanvas.number(frame.thickness)
    canvas.group("fill=\"none\" stroke-width=\"\(thickness)\" stroke-opacity=\".55\"") { canvas in
      for (colour, data) in byColour(bars(frame, from: columns.bars)) { canvas.path(data, " stroke=\"\(colour)\"") }
    }
  }

  /// Leads from the names to bars that are far outside of them, and along where these begin.
  private func drawLeaders(_ frame: some DendrogramFrame, _ columns: TipColumns, on canvas: inout SVGCanvas) {
    let (start, end) = (columns.names + DendrogramStyle.nameGap, columns.bars)
    var data = ""
    for (row, name) in names(frame).enumerated() {
      let from = start + name.ems * frame.fontSize
      guard end - from > DendrogramStyle.nameGap else { continue }
      data += frame.move(row: Double(row), to: from) + frame.stem(row: Double(row), to: end)
    }
    let last = Double(tips.count) - 0.5
    data += frame.move(row: -0.5, to: end) + frame.spine(at: end, from: -0.5, to: last)
    canvas.path(data, " fill=\"none\" stroke=\"\(DendrogramStyle.grid)\"")
  }

  /// Path data joined by attributes, in an order that depends on these alone. Weak lines are lighter, or thinner if colours
  /// stand for support.
  private func byStyle(_ lines: [Line], width: Double) -> [(attributes: String, data: String)] {
    var paths: [String: String] = [:]
    for line in lines {
      var own = line.width ?? width
      var style = " stroke=\"\(line.colour)\""
      if line.strength != .strong {
        if colouringSupport == nil {
          style += " stroke-opacity=\"\(SVGCanvas.number(line.strength.opacity))\""
        } else {
          own *= line.strength.width
        }
      }
      if own != width { style += " stroke-width=\"\(SVGCanvas.number(own))\"" }
      paths[style, default: ""] += line.data
    }
    return paths.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Writes the support of nodes, in percent, on the branches that lead to them.
  private func drawSupport(_ frame: some DendrogramFrame, on canvas: inout SVGCanvas) {
    let size = DendrogramStyle.supportSize
    canvas.group("font-size=\"\(SVGCanvas.number(size))\" fill=\"\(DendrogramStyle.faintText)\"") { canvas in
      for figure in supportFigures(frame) where figure.fits {
        frame.write(figure: figure.text, row: figure.row, at: figure.distance, size: size, on: &canvas)
      }
    }
  }

  /// The tips' names; none if groups are named instead.
  func names(_ frame: some DendrogramFrame) -> [Name] {
    groups.isEmpty ? tips.map { name(of: $0, longest: frame.longestName) } : []
  }

  private func drawNames(_ frame: some DendrogramFrame, at distance: Double, on canvas: inout SVGCanvas) {
    canvas.group("font-size=\"\(SVGCanvas.number(frame.fontSize))\"") { canvas in
      for (row, name) in names(frame).enumerated() { frame.write(name, row: row, at: distance, on: &canvas) }
    }
  }

  /// Draws an invisible path over each merge's line, wider than the line, where the pointer finds the merge's figures.
  private func drawTooltips(_ frame: some DendrogramFrame, on canvas: inout SVGCanvas) {
    let labels = hierarchy.nodeLabels
    canvas.group("fill=\"none\" stroke=\"none\" stroke-width=\"8\" pointer-events=\"stroke\"") { canvas in
      for branch in branches {
        let distance = branch.position.depth * frame.length
        let joint = frame.spine(at: distance, from: branch.first.row, to: branch.second.row)
        canvas.path(
          frame.move(row: branch.first.row, to: distance) + joint,
          tooltip: tooltip(of: branch.position.node, label: Text.shown(labels[branch.position.node])))
      }
    }
  }

  private func document(_ canvas: SVGCanvas) -> String {
    let box = canvas.box(margin: DendrogramStyle.margin)
    let title = SVGCanvas.escaped(
      options.title ?? "Hierarchy of \(Text.count(hierarchy.merges.count + 1, "cluster"))")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="\(box.joined(separator: " "))" width="\(box[2])" \
      height="\(box[3])" font-family="\(DendrogramStyle.fonts)" fill="\(DendrogramStyle.text)">
      <title>\(title)</title>
      <rect x="\(box[0])" y="\(box[1])" width="\(box[2])" height="\(box[3])" fill="#fff"/>
      \(canvas.elements)</svg>

      """
  }
}
