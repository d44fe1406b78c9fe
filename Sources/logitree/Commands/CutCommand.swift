import ArgumentParser
import Files
import Hierarchy
import Store

/// `logitree cut`: the clusters in groups.
struct CutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cut", abstract: "Cut the tree into groups, and list the clusters with theirs.",
    discussion: """
      Writes CSV, a line for each cluster: cluster, name, group, label, samples. Groups are numbered from 0 in the order \
      of the tree; a label names the most typical members of a group, and samples are those of the whole group. With a \
      taxonomy the label is the term that fits the group best, and how well, and four columns follow: the term, the clusters \
      of the group under it, all clusters under it, and the F1 of both. With --levels there are these columns for each number \
      of groups.

        logitree cut my.logitree -k 20 -o groups.csv
        logitree cut my.logitree --levels 5,20,100 -o groups.csv
        logitree cut my.logitree --auto -o groups.csv

      --auto takes the first number of groups that levels recommends, and says which and why. If no level stands out, it \
      is an error.
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  @Option(
    name: [.customShort("k"), .customLong("groups")], help: ArgumentHelp("Cut the tree into N groups.", valueName: "n"))
  var groups: Int?

  @Option(help: ArgumentHelp("Cut it several times: numbers of groups, with commas between.", valueName: "n,n,…"))
  var levels: CutLevels?

  @OptionGroup var automatic: AutomaticLevel

  @OptionGroup var taxonomyOptions: TaxonomyOptions

  @Option(name: .shortAndLong, help: "The file to write. (default: standard output)")
  var output: String?

  mutating func validate() throws {
    guard [groups != nil, levels != nil, automatic.auto].count(where: \.self) == 1 else {
      throw ValidationError("Say how many groups: -k 20, --levels 5,20,100, or --auto.")
    }
  }

  func run() throws {
    OutputName.warn(output, "CSV", extensions: "csv")
    let opened = try Store(store)
    try opened.checkOutput(output, inputs: taxonomyOptions.files)
    let stored = try opened.read()
    let hierarchy = try taxonomyOptions.named(stored, in: opened)
    let counts = try levels?.counts ?? groups.map { [$0] } ?? [automatic.groups(of: stored, in: opened, at: store)]
    let cuts = try counts.map { count throws(CutError) in try Cut(hierarchy, into: count) }
    try OutputFile.write(Array(hierarchy.cutCSV(cuts).utf8), toFileOrStandardOutput: output)
  }
}

/// Numbers of groups, as they are written on the command line: "5,20,100".
struct CutLevels: ExpressibleByArgument {
  let counts: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    counts = parts.compactMap { Int($0) }
    guard counts.count == parts.count, Set(counts).count == counts.count else { return nil }
  }
}
