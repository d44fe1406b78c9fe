import ArgumentParser
import Hierarchy
import Report

extension Dendrogram.Scale: ExpressibleByArgument {}
extension Dendrogram.Colouring: ExpressibleByArgument {}

/// The options of `export --format svg` alone.
struct SVGOptions: ParsableArguments {
  @Option(
    help: """
      What a branch's distance from the root stands for: the groups that are left after its merge (step), or the \
      clusters below it (clusters), both on a logarithmic scale; or how weak its merge is (share, margin), as with \
      --height. (default: step)
      """)
  var scale: Dendrogram.Scale?

  @Flag(help: "Draw the tree around a circle.")
  var circular = false

  @Option(help: ArgumentHelp("Cut the tree into N groups, and collapse each into a triangle.", valueName: "n"))
  var cut: Int?

  @Option(
    help: ArgumentHelp(
      """
      Name the N groups of that cut, and not each cluster, beside a tree that has all of them: for trees of so many \
      clusters that their names can't be read on a page.
      """, valueName: "n"))
  var nameGroups: Int?

  @Option(
    help: ArgumentHelp("Take N letters at most for a line of a name. (default: what suits the picture)", valueName: "n")
  )
  var nameWidth: Int?

  @Option(
    name: [.customLong("colours"), .customLong("colors")],
    help: ArgumentHelp(
      "Colour the N top groups, if not branches then their bars; 0: none. (default: \(Palette.colours.count), fewer for small trees; with --cut and --name-groups all)",
      valueName: "n"))
  var colours: Int?

  @Option(
    name: [.customLong("colour-by"), .customLong("color-by")],
    help: """
      Colour branches by the top groups, and weak ones lighter, or by the support of the nodes they lead to, and weak ones \
      thinner. (default: support, if known)
      """
  )
  var colouring: Dendrogram.Colouring?

  @Option(help: "A title to write above the picture.")
  var title: String?

  mutating func validate() throws {
    if let nameWidth, nameWidth < 4 { throw ValidationError("--name-width takes a number from 4.") }
    if cut != nil, nameGroups != nil {
      throw ValidationError("--cut collapses groups, --name-groups names those of a whole tree: give one of them.")
    }
    if let colours, colours < 0 { throw ValidationError("--colours takes a number from 0.") }
  }

  /// The names of the options that were given.
  var given: [String] {
    var given: [String] = []
    if scale != nil { given.append("--scale") }
    if circular { given.append("--circular") }
    if cut != nil { given.append("--cut") }
    if nameGroups != nil { given.append("--name-groups") }
    if nameWidth != nil { given.append("--name-width") }
    if colours != nil { given.append("--colours") }
    if colouring != nil { given.append("--colour-by") }
    if title != nil { given.append("--title") }
    return given
  }

  /// - Parameter heights: What heights stand for in all formats; the picture may have a scale of its own instead.
  func dendrogram(heights: HeightScale) -> Dendrogram.Options {
    let usual: Dendrogram.Scale =
      switch heights {
      case .step: .step
      case .share: .share
      case .margin: .margin
      }
    var options = Dendrogram.Options(
      scale: scale ?? usual, isCircular: circular, cut: cut, colours: colours, colouring: colouring, title: title)
    options.groupNames = nameGroups
    options.nameLetters = nameWidth
    return options
  }
}
