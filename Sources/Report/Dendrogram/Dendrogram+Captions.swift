import Hierarchy

extension Dendrogram {
  /// A line below the picture.
  enum Caption {
    case text(String)
    /// Says what the longest bar stands for.
    case bar(String)
    /// Says what colours of lines stand for.
    case keys([(colour: String, name: String)])
    /// Says what colours of areas stand for, after a title.
    case swatches(title: String, [(colour: String, name: String)])
  }

  /// The captions. They say what distances, bars and triangles stand for, and what is not drawn.
  func captions(_ frame: some DendrogramFrame) -> [Caption] {
    var captions: [Caption] = []
    let samples = tips.reduce(0) { $0 + $1.samples }
    var about = "\(Text.count(hierarchy.merges.count + 1, "cluster")), \(Text.count(samples, "sample"))"
    if options.cut != nil { about += ", cut into \(Text.count(tips.count, "group"))" }
    if !groups.isEmpty { about += ", the names are those of \(Text.count(groups.count, "group"))" }
    captions.append(.text(about))
    captions += groupCaptions() + stripCaptions()
    if !hierarchy.terms.isEmpty, options.cut != nil || !groups.isEmpty {
      captions.append(
        .text("Names: the term that fits a group best, how many of its clusters are under it, and typical ones"))
    }
    if tips.contains(where: { $0.clusters > 1 }) {
      captions.append(.text("Triangles: groups of several clusters; the more clusters, the thicker"))
    }
    if options.isCircular {
      captions.append(.bar("\(Text.count(mostSamples, "sample")), the longest bar"))
      if tips.count > 1 { captions.append(.text("Circles: \(axis.caption), \(axis.spacing)")) }
    }
    if branches.contains(where: { strength(of: $0) != .strong }) {
      let parts = "less than half (a quarter, a tenth)"
      let lighter = colouringSupport == nil ? "Lighter" : "Thinner"
      captions.append(.text("\(lighter) branches: \(parts) of what the lowest group reassigns goes to its partner"))
    }
    captions += supportCaptions(frame)
    if colouringSupport != nil { captions.append(.keys(SupportClass.allCases.map { ($0.colour, $0.name) })) }
    let empty = hierarchy.emptyClusters
    if !empty.isEmpty {
      let names = Text.list(empty.map { Text.shown(hierarchy.clusters[$0].name) }, most: 20)
      let text = "Not drawn: \(Text.count(empty.count, "cluster")) without samples: \(names)"
      captions.append(.text(TextWidth.fitted(text, ems: DendrogramStyle.longestName)))
    }
    return captions
  }

  /// What the colours of branches stand for, if their groups have names that are not in the picture.
  private func groupCaptions() -> [Caption] {
    guard !hierarchy.terms.isEmpty, colouringSupport == nil, options.cut == nil, groups.isEmpty else { return [] }
    let count = Set(tips.compactMap(\.group)).count
    guard count > 1 else { return [] }
    let keys = hierarchy.nodes(ofCutInto: count).enumerated().map { index, node in
      (Palette.groupColour(index), TextWidth.fitted(Text.shown(hierarchy.groupLabel(of: node)), ems: Self.longestKey))
    }
    return [.swatches(title: "Colours", keys)]
  }

  /// What the figures on branches say, and how many there are no figures of.
  private func supportCaptions(_ frame: some DendrogramFrame) -> [Caption] {
    guard let support = hierarchy.support, !branches.isEmpty else { return [] }
    let trees = Text.count(support.replicates, "tree")
    let left = supportFigures(frame).count { !$0.fits }
    return [
      .text(
        "Figures on branches: transfer bootstrap support in percent, of \(trees) from \(support.drawn) drawn anew")
    ]
      + (left == 0
        ? [] : [.text("\(Text.count(left, "branch has", plural: "branches have")) no room for a figure")])
  }

  /// Writes the captions below everything that is drawn, and the title above it.
  func drawCaptions(_ frame: some DendrogramFrame, on canvas: inout SVGCanvas) {
    let size = frame.captionSize
    let left = canvas.bounds?.x.lowerBound ?? 0
    if let title = options.title.map(Text.shown) {
      let titleSize = 1.5 * size
      let top = (canvas.bounds?.y.lowerBound ?? 0) - titleSize * 1.4
      // Bold letters are wider.
      canvas.include(left + 1.15 * titleSize * TextWidth.ems(title), top)
      canvas.text(
        title, x: left, y: top, size: titleSize,
        attributes: " font-size=\"\(SVGCanvas.number(titleSize))\" font-weight=\"600\"")
    }
    let right = max(left + Self.leastCaptionWidth * size, canvas.bounds?.x.upperBound ?? 0)
    canvas.group("font-size=\"\(SVGCanvas.number(size))\" fill=\"\(DendrogramStyle.faintText)\"") { canvas in
      var y = (canvas.bounds?.y.upperBound ?? 0) + 2 * size
      for caption in captions(frame) {
        switch caption {
        case .swatches(let title, let swatches):
          draw(swatches, after: title, from: left, to: right, y: &y, size: size, on: &canvas)
        case .text(let text): canvas.text(text, x: left, y: y, size: size)
        case .bar(let text):
          let end = left + frame.bar
          canvas.path(
            "M\(SVGCanvas.number(left)) \(SVGCanvas.number(y))H\(SVGCanvas.number(end))",
            " stroke=\"\(Palette.neutral)\" stroke-width=\"\(SVGCanvas.number(0.6 * size))\" stroke-opacity=\".55\"")
          canvas.text(text, x: end + 0.6 * size, y: y, size: size)
        case .keys(let keys):
          var x = left
          for key in keys {
            canvas.path(
              "M\(SVGCanvas.number(x)) \(SVGCanvas.number(y))h\(SVGCanvas.number(1.6 * size))",
              " stroke=\"\(key.colour)\" stroke-width=\"3\"")
            canvas.text(key.name, x: x + 2.2 * size, y: y, size: size)
            x += size * (TextWidth.ems(key.name) + 4)
          }
        }
        y += 1.5 * size
      }
    }
  }

  /// What there is room for in a line of a legend, however narrow the picture is, in units of the font's size.
  private static let leastCaptionWidth = 40.0

  /// Writes a title, and swatches with what they stand for in as many lines as it takes.
  private func draw(
    _ swatches: [(colour: String, name: String)], after title: String, from left: Double, to right: Double,
    y: inout Double, size: Double, on canvas: inout SVGCanvas
  ) {
    canvas.text(title, x: left, y: y, size: size)
    let start = left + 1.5 * size
    var x = left + size * (TextWidth.ems(title) + 1.2)
    for swatch in swatches {
      let width = size * (TextWidth.ems(swatch.name) + 1.4)
      if x > start, x + width > right {
        x = start
        y += 1.5 * size
      }
      canvas.path(
        "M\(SVGCanvas.number(x)) \(SVGCanvas.number(y))h\(SVGCanvas.number(0.9 * size))",
        " stroke=\"\(swatch.colour)\" stroke-width=\"\(SVGCanvas.number(0.9 * size))\"")
      canvas.text(swatch.name, x: x + 1.3 * size, y: y, size: size)
      x += width + 0.9 * size
    }
  }

  func name(of tip: Tip, longest: Double) -> Name {
    let count = Text.count(tip.clusters, "cluster")
    let mean = hierarchy.isLeaf(tip.node) ? hierarchy.clusters[tip.node].meanProbability : nil
    return Name(
      lines: tip.groupName?.lines ?? [GroupName.Line(text: TextWidth.fitted(tip.name, ems: longest))],
      tooltip: """
        \(tip.name)
        \(tip.clusters > 1 ? count + ", " : "")\(Text.count(tip.samples, "sample"))\
        \(mean.map { ", mean probability \(Text.number($0))" } ?? "")\(stripTexts(of: tip))
        """)
  }

  /// A merge's figures, with a line for each kind.
  func tooltip(of node: Int, label: String) -> String {
    guard let merge = hierarchy.merge(making: node) else { return label }
    let index = node - hierarchy.clusters.count
    let error = hierarchy.support?.marginErrors[index].map { " ± \(Text.percent($0))" } ?? ""
    let support = hierarchy.support.map {
      "\nsupport \($0.transferText(ofMerge: index)), the same clade in \($0.cladeText(ofMerge: index)) of the trees"
    }
    return """
      \(label)
      step \(Text.grouped(merge.step)) of \(Text.grouped(hierarchy.merges.count))
      \(Text.count(merge.clusters, "cluster")), \(Text.count(merge.samples, "sample"))
      score \(Text.number(merge.score)), share \(Text.percent(merge.share)), \
      margin \(Text.percent(merge.margin))\(error), \(merge.evidence.rawValue)\(support ?? "")
      """
  }
}
