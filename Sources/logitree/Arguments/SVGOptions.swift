import ArgumentParser
import Report

extension Dendrogram.Scale: ExpressibleByArgument {}

/// The options of `export --format svg` alone.
struct SVGOptions: ParsableArguments {
  @Option(
    help: """
      What a branch's distance from the root stands for: the groups that are left after its merge (step), or the \
      clusters below it (clusters); both on a logarithmic scale. (default: step)
      """)
  var scale: Dendrogram.Scale?

  @Flag(help: "Draw the tree around a circle.")
  var circular = false

  @Option(help: ArgumentHelp("Cut the tree into N groups, and collapse each into a triangle.", valueName: "n"))
  var cut: Int?

  @Option(
    name: [.customLong("colours"), .customLong("colors")],
    help: ArgumentHelp(
      "Colour the N top groups; 0: none. (default: \(Palette.colours.count), fewer for small trees)", valueName: "n"))
  var colours: Int?

  @Option(help: "A title to write above the picture.")
  var title: String?

  mutating func validate() throws {
    if let colours, colours < 0 { throw ValidationError("--colours takes a number from 0.") }
  }

  /// The names of the options that were given.
  var given: [String] {
    var given: [String] = []
    if scale != nil { given.append("--scale") }
    if circular { given.append("--circular") }
    if cut != nil { given.append("--cut") }
    if colours != nil { given.append("--colours") }
    if title != nil { given.append("--title") }
    return given
  }

  var dendrogram: Dendrogram.Options {
    Dendrogram.Options(scale: scale ?? .step, isCircular: circular, cut: cut, colours: colours, title: title)
  }
}
