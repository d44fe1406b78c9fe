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
      of the tree; a label names the most typical members of a group, and samples are those of the whole group. With \
      --levels there are these columns for each number of groups.

        logitree cut my.logitree -k 20 -o groups.csv
        logitree cut my.logitree --levels 5,20,100 -o groups.csv
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  @Option(
    name: [.customShort("k"), .customLong("groups")], help: ArgumentHelp("Cut the tree into N groups.", valueName: "n"))
  var groups: Int?

  @Option(help: ArgumentHelp("Cut it several times: numbers of groups, with commas between.", valueName: "n,n,…"))
  var levels: CutLevels?

  @Option(name: .shortAndLong, help: "The file to write. (default: standard output)")
  var output: String?

  mutating func validate() throws {
    guard (groups == nil) != (levels == nil) else {
      throw ValidationError("Say how many groups: -k 20, or --levels 5,20,100.")
    }
  }

  func run() throws {
    OutputName.warn(output, "CSV", extensions: "csv")
    let store = try Store(store)
    try store.checkOutput(output)
    let hierarchy = try store.read().hierarchy
    let counts = levels?.counts ?? groups.map { [$0] } ?? []
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
