import Hierarchy

extension Dendrogram {
  /// The number of samples of the tip with the longest bar.
  var mostSamples: Int { tips.map(\.samples).max() ?? 0 }

  /// The path data of a part of the picture, and the group that it is in.
  typealias Shape = (group: Int?, data: String)

  /// Path data joined by colour, the neutral colour first.
  func byColour(_ shapes: [Shape]) -> [(colour: String, data: String)] {
    var neutral = ""
    var coloured = [String](repeating: "", count: Palette.categoryColours.count)
    for shape in shapes {
      if let group = shape.group { coloured[group % coloured.count] += shape.data } else { neutral += shape.data }
    }
    return [(Palette.neutral, neutral)] + coloured.enumerated().map { (Palette.groupColour($0), $1) }
  }

  /// A part of a branch: path data, its colour, and how strong it is drawn.
  struct Line {
    var colour: String
    var strength: BranchStrength
    var data: String
    /// The width, if it is more than that of the layout's lines.
    var width: Double?
  }

  /// The lines of all branches. A branch has the colour of the node it leads to; so has the line that joins its
  /// children. All lines of a merge are as strong as the merge.
  func branchLines(_ frame: some DendrogramFrame) -> [Line] {
    var lines: [Line] = []
    for branch in branches {
      let distance = branch.position.depth * frame.length
      let strength = strength(of: branch)
      // Among thousands of clusters lines are as thin as their rows; those between larger groups need not be.
      let isWide = frame.line < 1 && (branch.second.row - branch.first.row) * frame.pitch(at: distance) >= 6
      let width = isWide ? 1.0 : nil
      let start = frame.move(row: branch.first.row, to: branch.first.depth * frame.length)
      let joint = frame.spine(at: distance, from: branch.first.row, to: branch.second.row)
      let end = frame.stem(row: branch.second.row, to: branch.second.depth * frame.length)
      let inwards = frame.stem(row: branch.first.row, to: distance)
      let colours = [branch.first, branch.position, branch.second].map(colour)
      if colours.allSatisfy({ $0 == colours[1] }) {
        lines.append(Line(colour: colours[1], strength: strength, data: start + inwards + joint + end, width: width))
      } else {
        lines.append(Line(colour: colours[0], strength: strength, data: start + inwards, width: width))
        lines.append(
          Line(
            colour: colours[1], strength: strength, data: frame.move(row: branch.first.row, to: distance) + joint,
            width: width))
        lines.append(
          Line(
            colour: colours[2], strength: strength, data: frame.move(row: branch.second.row, to: distance) + end,
            width: width))
      }
    }
    // The branch that leads to the root.
    let root = branches.last?.position ?? Branch.Position(node: hierarchy.root, row: 0, depth: 1, group: tips[0].group)
    let distance = root.depth * frame.length
    let stem = frame.move(row: root.row, to: max(-8, distance - 60)) + frame.stem(row: root.row, to: distance)
    lines.append(Line(colour: colour(root), strength: .strong, data: stem))
    return lines
  }

  /// How strong the lines of a merge are drawn.
  func strength(of branch: Branch) -> BranchStrength {
    hierarchy.merge(making: branch.position.node).map { BranchStrength(share: $0.share) } ?? .strong
  }

  /// The colour of the branch that leads to a node.
  private func colour(_ position: Branch.Position) -> String {
    guard let support = colouringSupport else { return position.group.map(Palette.groupColour) ?? Palette.neutral }
    guard !hierarchy.isLeaf(position.node), position.node != hierarchy.root else { return Palette.neutral }
    return SupportClass(percent: support.percent(ofMerge: position.node - hierarchy.clusters.count)).colour
  }

  func triangles(_ frame: some DendrogramFrame) -> [Shape] {
    let most = tips.map(\.clusters).max() ?? 1
    return tips.enumerated().compactMap { row, tip in
      guard tip.clusters > 1 else { return nil }
      // The larger the group, the thicker, but always thick enough to be seen.
      let thickness = frame.thickness * (0.5 + (Double(tip.clusters) / Double(most)).squareRoot())
      let apex = axis.depth(ofTip: tip.node) * frame.length
      return (tip.group, frame.triangle(row: Double(row), from: apex, to: frame.length, thickness: thickness))
    }
  }

  func bars(_ frame: some DendrogramFrame, from start: Double) -> [Shape] {
    let most = Double(max(1, mostSamples))
    return tips.enumerated().map { row, tip in
      let end = start + max(0.75, frame.bar * Double(tip.samples) / most)
      return (tip.group, frame.move(row: Double(row), to: start) + frame.stem(row: Double(row), to: end))
    }
  }
}
