import Hierarchy

/// A hierarchy drawn as a picture to publish: a dendrogram, as SVG.
///
///     let picture = try Dendrogram(hierarchy, .init(isCircular: true)).svg()
///
/// Each leaf has a row with its branch, its samples as a bar, and its name. Rows are in the tree's order. The picture
/// is laid out from left to right, or from the centre of a circle outwards. The same hierarchy and options give the
/// same bytes.
package struct Dendrogram: Sendable {
  /// What a branch's distance from the root stands for.
  package enum Scale: String, Sendable, CaseIterable {
    /// The number of groups that its merge leaves, on a logarithmic scale. A line across the tree at n meets the
    /// branches of the n groups of that cut.
    case step
    /// The number of clusters below it, on a logarithmic scale.
    case clusters
    /// 1 less the share of its merge, on a linear scale; never less than of those below it. Strong merges are far from the
    /// root.
    case share
    /// 1 less the margin of its merge, in the same way.
    case margin
  }

  /// What the colours of branches stand for.
  package enum Colouring: String, Sendable, CaseIterable {
    /// The top group that a branch is in.
    case groups
    /// The support of the node that a branch leads to.
    case support
  }

  package struct Options: Sendable {
    package var scale: Scale
    package var isCircular: Bool
    /// The number of groups into which to cut the tree. Each group is drawn as one leaf. nil draws every cluster.
    package var cut: Int?
    /// The most top groups that have their own colours; nil for ``Palette/groupCount(leaves:)``.
    package var colours: Int?
    /// What branches are coloured by; nil for support where it is known, and else groups. In colours of support weak branches
    /// are thinner than others, not lighter.
    package var colouring: Colouring?
    /// The number of groups to name in the place of clusters, all of which are drawn; nil to name each tip.
    package var groupNames: Int?
    /// The room for a line of a name, in letters; nil for what suits the picture.
    package var nameLetters: Int?
    /// The title above the picture.
    package var title: String?
    /// What is shown beside the tips, from the inside out.
    package var strips: [ClusterAnnotation] = []
    /// How numbers of these are shown.
    package var numberForm = NumberForm.bars

    package init(
      scale: Scale = .step, isCircular: Bool = false, cut: Int? = nil, colours: Int? = nil,
      colouring: Colouring? = nil, title: String? = nil
    ) {
      self.scale = scale
      self.isCircular = isCircular
      self.cut = cut
      self.colours = colours
      self.colouring = colouring
      self.title = title
    }
  }

  let hierarchy: ClusterHierarchy
  let options: Options
  let tips: [Tip]
  /// The groups that are named instead of the tips; empty if tips are named.
  let groups: [NamedGroup]
  let branches: [Branch]
  let axis: DendrogramAxis
  /// The support of nodes, if branches are coloured by it.
  var colouringSupport: BranchSupport? { options.colouring == .groups ? nil : hierarchy.support }

  /// - Throws: ``CutError`` if the tree can't be cut into as many groups as the options say.
  package init(_ hierarchy: ClusterHierarchy, _ options: Options = Options()) throws(CutError) {
    self.hierarchy = hierarchy
    self.options = options
    tips = try Self.tips(of: hierarchy, options)
    groups = try Self.namedGroups(of: hierarchy, options, tips: tips)
    axis = DendrogramAxis(options.scale, hierarchy, tips: tips.count, isCut: options.cut != nil)
    branches = Self.branches(of: hierarchy, tips: tips, axis)
  }
}

extension Dendrogram.Options {
  /// The room for a line of a name that was asked for, in units of the font's size.
  var nameEms: Double? { nameLetters.map { 0.6 * Double($0) } }

  /// The room for a line of a group's name, in the same units.
  var groupNameWidth: Double { nameEms ?? (cut == nil || isCircular ? 16 : 26) }
}
