import Hierarchy

/// A hierarchy drawn as a picture to publish: a dendrogram, as SVG.
///
///     let picture = try Dendrogram(hierarchy, .init(isCircular: true)).svg()
///
/// A row for each leaf, in the tree's order: its branch, its samples as a bar, its name. The same picture is laid out
/// from left to right, or from the centre of a circle outwards. The same hierarchy and options give the same bytes.
package struct Dendrogram: Sendable {
  /// What a branch's distance from the root stands for.
  package enum Scale: String, Sendable, CaseIterable {
    /// The groups that its merge leaves, which its step tells, on a logarithmic scale: a line across the tree at n meets
    /// the branches of the n groups of that cut.
    case step
    /// The clusters below it, on a logarithmic scale.
    case clusters
  }

  package struct Options: Sendable {
    package var scale: Scale
    package var isCircular: Bool
    /// The number of groups below which the tree is collapsed: each group is one leaf. nil draws every cluster.
    package var cut: Int?
    /// At most how many top groups have colours of their own; nil for ``Palette/groupCount(leaves:)``.
    package var colours: Int?
    /// What stands above the picture.
    package var title: String?

    package init(
      scale: Scale = .step, isCircular: Bool = false, cut: Int? = nil, colours: Int? = nil, title: String? = nil
    ) {
      self.scale = scale
      self.isCircular = isCircular
      self.cut = cut
      self.colours = colours
      self.title = title
    }
  }

  let hierarchy: ClusterHierarchy
  let options: Options
  let tips: [Tip]
  let branches: [Branch]
  let axis: DendrogramAxis

  /// - Throws: ``CutError`` if the tree can't be cut into as many groups as options say.
  package init(_ hierarchy: ClusterHierarchy, _ options: Options = Options()) throws(CutError) {
    self.hierarchy = hierarchy
    self.options = options
    tips = try Self.tips(of: hierarchy, options)
    axis = DendrogramAxis(options.scale, hierarchy, tips: tips.count, isCut: options.cut != nil)
    branches = Self.branches(of: hierarchy, tips: tips, axis)
  }
}
