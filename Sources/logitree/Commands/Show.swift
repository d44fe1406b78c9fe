import ArgumentParser
import FoundationEssentials
import Hierarchy
import LogitsToHierarchy
import Report
import Store

/// `logitree show`: the tree in the terminal, and the run's figures.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the tree in the terminal.",
    discussion: """
      A line is a cluster. What lies too deep for the width is collapsed into one line, which says how many clusters \
      there are and names the most typical. In a terminal so is a tree of far more lines than the screen: into groups, \
      as many as three screens have lines, 100 at least; --all draws every cluster. Elsewhere all are drawn.

      --node finds one place. A cluster's name shows the way to it from the root, and its next relatives; the number of \
      a node (as in the exports, or with a # before it) shows what lies below. The figures of the node follow.

        logitree show my.logitree
        logitree show my.logitree --node Danish
        logitree show my.logitree --cut 20
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  @Option(help: ArgumentHelp("Show where a cluster is, or what is below a node.", valueName: "name"))
  var node: String?

  @Option(
    help: ArgumentHelp("Cut the tree into N groups, and list them with their most typical members.", valueName: "n"))
  var cut: Int?

  @Option(help: ArgumentHelp("Draw N levels of the tree at most.", valueName: "n"))
  var depth: Int?

  @Option(
    help: ArgumentHelp("Use N columns at most. (default: the terminal's; 400 elsewhere, 120 for lists)", valueName: "n")
  )
  var width: Int?

  @Flag(help: "Draw every cluster that is not too deep, however many there are.")
  var all = false

  @Flag(help: "Say what the build took, too: passes, time, memory.")
  var verbose = false

  @OptionGroup var taxonomyOptions: TaxonomyOptions

  @OptionGroup var colour: ColourOption

  mutating func validate() throws {
    if let depth, depth < 1 { throw ValidationError("--depth takes a number from 1.") }
    if let width, width < 20 { throw ValidationError("--width takes a number from 20.") }
    if cut != nil, node != nil || depth != nil || all {
      throw ValidationError("--cut makes a list, which --node, --depth and --all do not apply to.")
    }
  }

  func run() throws {
    let opened = try Store(store)
    let stored = try opened.read()
    let summary = BuildSummary(store: store, stored)
    let supportSummary = SupportSummary(store: store, stored)
    let warnings = (summary.warnings + supportSummary.warnings).map { "\n\($0)" as Message }.joined()
    let picture = Message(drawn: try picture(of: stored, in: opened))
    let support: Message =
      stored.hierarchy.support == nil ? "" : "\n\(supportSummary.text)"
    try Console.print("\(picture)\n\(verbose ? summary.text : summary.size)\(support)\(warnings)\n")
  }

  private func picture(of stored: StoredHierarchy, in store: Store) throws -> String {
    let hierarchy = try taxonomyOptions.named(stored, in: store)
    let columns = width ?? Console.width
    if let cut {
      return try GroupList(hierarchy, Cut(hierarchy, into: cut), width: columns ?? 120, style: colour.style).text
    }
    let tree = TerminalTree(hierarchy, width: columns ?? 400, depth: depth, style: colour.style)
    guard let name = node else { return tree.text(mostLines: mostLines) + hint(of: hierarchy.merges.count + 1) }
    let node = try hierarchy.node(named: name)
    if all, hierarchy.isLeaf(node) { throw OptionWithoutEffect.allAroundCluster(name) }
    let drawing =
      hierarchy.isLeaf(node)
      ? tree.text(locating: node)
      : tree.text(below: node, mostLines: mostLines) + hint(of: hierarchy.clusterCount(of: node))
    return try drawing + "\n" + figures(of: node, hierarchy, stored, in: store, width: columns ?? 120)
  }

  private func figures(
    of node: Int, _ hierarchy: ClusterHierarchy, _ stored: StoredHierarchy, in store: Store, width: Int
  ) throws -> String {
    Interruption.watch()
    let confusion = try hierarchy.isLeaf(node) ? store.confusions(of: stored)[node] : nil
    let taken = hierarchy.merge(taking: node)
    let rivals = try store.rivals(
      of: taken.map { [$0] } ?? [], most: Self.mostRivals, in: stored,
      resources: RunResources(memory: RunResources().memory, threads: RunOptions.cores),
      observer: ProgressReporter(isQuiet: true))
    return NodeFigures(hierarchy, node: node, confusion: confusion, rivals: rivals.first, width: width).text
  }

  /// How many groups are listed that a group might have been merged with, its partner among them.
  private static let mostRivals = 4

  /// How to see more of a tree that was cut short.
  private func hint(of clusters: Int) -> String {
    clusters <= mostLines
      ? "" : "\n\(Text.count(clusters, "cluster")) in \(mostLines) groups; --all draws each cluster\n"
  }

  private var mostLines: Int {
    guard !all, depth == nil, let height = Console.height else { return .max }
    return max(100, 3 * height)
  }
}
