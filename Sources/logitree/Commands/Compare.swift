import ArgumentParser
import Evaluation
import Files
import LogitStream
import Report
import Store

/// `logitree compare`: trees against another one.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare trees with a reference, and list what disagrees most.",
    usage: "logitree compare [<options>] <tree> ... <reference>",
    discussion: """
      The last is the reference that the others are held against. One tree is compared with it in full, several in a table, \
      on the clusters that all of them have. Each is one of

        store     a store
        newick    a tree in Newick format
        linkage   SciPy's linkage matrix, as .npy, with --names
        taxonomy  CSV with a header: class, then its groups, the finest first; columns that are not nested are a labelling each
        edges     CSV with the header child,parent

      Leaves are matched by their names; what only one of them has is left out.

        logitree compare my.logitree taxonomy.csv
        logitree compare my.logitree other.logitree --json -o comparison.json
        logitree compare my.logitree affinity.nwk linkage.npy taxonomy.csv --names classes.txt
      """)

  @Argument(help: "A store, as made by build, or a file with a tree.")
  var tree: String

  @Argument(help: ArgumentHelp("More trees, if any, and the tree to compare them with.", valueName: "reference"))
  var others: [String]

  @Option(
    help: ArgumentHelp(
      "What the reference is. (default: by its content)",
      valueName: "kind"))
  var referenceKind: ReferenceTree.Kind?

  @Option(
    help: ArgumentHelp(
      "The names of linkage matrices' leaves, in their order: a text file with a line each, FILE.h5:/dataset, .npy, or FILE.json.",
      valueName: "file"))
  var names: String?

  @Option(help: ArgumentHelp("List N torn groups and N far clusters at most.", valueName: "n"))
  var top = 10

  @Flag(help: "Write JSON: all cuts, and lists of --top entries with all names.")
  var json = false

  @Option(name: .shortAndLong, help: "The file to write. (default: standard output)")
  var output: String?

  mutating func validate() throws {
    guard top >= 0 else { throw ValidationError("--top must not be negative.") }
  }

  func run() throws {
    let paths = [tree] + others
    try Store.checkOutput(
      output, inputs: paths + [names].compactMap { $0.map { InputSpecification(parsing: $0).file } })
    let inputs = try paths.enumerated().map { index, path in
      try TreeInput(opening: path, kind: index == paths.count - 1 ? referenceKind : nil, output: output)
    }
    let leafNames = try names.map { try NameFile($0).names }
    let trees = try TreeInput.trees(in: inputs, leafNames: leafNames)
    let comparisons = try Comparisons(Array(trees.dropLast().joined()), trees[trees.count - 1], top: top)
    let width = Console.width ?? 100
    let text = json ? try comparisons.json() : comparisons.text(width: width)
    try OutputFile.write(Array(text.utf8), toFileOrStandardOutput: output)
  }
}

extension ReferenceTree.Kind: ExpressibleByArgument {}
