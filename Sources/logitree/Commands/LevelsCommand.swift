import ArgumentParser
import Files
import Hierarchy
import LogitsToHierarchy
import Report
import Store

/// `logitree levels`: into how many groups a tree is worth cutting.
struct LevelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "levels", abstract: "Tell into how many groups a tree is worth cutting.",
    discussion: """
      A model that is not sure of a class mostly hesitates between relatives. For every number of groups this tells how much \
      of the doubt is inside groups, so that who cuts there is rid of it; how much would be by chance; how even the groups \
      are; and how strong the next merge is. It recommends those after which merges are much weaker than before, the best \
      first, or says that no level stands out. If logitree support was run, it has the support of the groups too.

        logitree levels my.logitree
        logitree levels my.logitree --csv -o levels.csv
        logitree levels my.logitree --svg -o levels.svg

      cut --auto and assign --auto take the first. Everything is learnt from what the store keeps of each row.
      """)

  @Argument(help: "A store, as made by build, with sketches.")
  var store: String

  @Flag(help: "Write all levels as JSON.")
  var json = false

  @Flag(help: "Write all levels as CSV.")
  var csv = false

  @Flag(help: "Draw the curve of the doubt that is inside groups, as SVG.")
  var svg = false

  @Option(help: "A title to write above the picture.")
  var title: String?

  @Option(name: .shortAndLong, help: "The file to write. (default: standard output)")
  var output: String?

  @Option(help: ArgumentHelp("Threads to work with. (default: one for each processor)", valueName: "n"))
  var threads: Int?

  mutating func validate() throws {
    guard [json, csv, svg].count(where: \.self) <= 1 else {
      throw ValidationError("Choose one of --json, --csv and --svg.")
    }
    if title != nil, !svg { throw ValidationError("--title is for --svg.") }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024.")
    }
  }

  func run() throws {
    warnOfName()
    Interruption.watch()
    let opened = try Store(store)
    try opened.checkOutput(output)
    let stored = try opened.read()
    let levels = try opened.levels(
      of: stored, resources: RunResources(memory: RunResources().memory, threads: threads ?? RunOptions.cores),
      observer: ProgressReporter(isQuiet: true))
    let report = LevelsReport(store: store, stored, levels)
    let text =
      if json {
        try report.json()
      } else if csv {
        report.csv
      } else if svg {
        LevelPicture(levels, title: title.map(Text.shown)).svg()
      } else {
        report.text.text + "\n"
      }
    try OutputFile.write(Array(text.utf8), toFileOrStandardOutput: output)
  }

  private func warnOfName() {
    if json { OutputName.warn(output, "JSON", extensions: "json") }
    if csv { OutputName.warn(output, "CSV", extensions: "csv") }
    if svg { OutputName.warn(output, "SVG", extensions: "svg") }
    if !json, !csv, !svg { OutputName.warn(output, "text") }
  }
}
