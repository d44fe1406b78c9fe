import ArgumentParser
import Store

/// `logitree combine`: the step of a build between those that several processes share.
struct Combine: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring together what shards of a scan or of a sweep have learnt, and build the hierarchy.",
    discussion: """
      Checks that the shards have every row exactly once, and names those that are missing with the commands that make \
      them. If merges can't be decided without reading rows again, says so: run sweep for each share, and combine again. \
      To learn what sweeps are to look for, reads a few rows of the inputs, where they can be read. \
      logitree help scan shows all steps.
      """)

  @Argument(help: "The directories that shards are in.")
  var directories: [String]

  @Option(name: .shortAndLong, help: "The store to write: a directory, NAME.logitree by custom.")
  var output: String

  @Flag(help: "Fail if rows must be read again before the hierarchy is complete, as if shards were missing.")
  var requireComplete = false

  @Flag(help: "Replace a store that is there and has rows which the shards have not.")
  var replace = false

  @Flag(help: "If merges of top-k dumps can't be decided from what there is of the rows, take estimates for them.")
  var allowEstimates = false

  @OptionGroup var runOptions: RunOptions

  func run() throws {
    let combined = try runOptions.run { reporter in
      try Store.combine(
        directories, into: output, resources: runOptions.resources, observer: reporter, replacing: replace,
        allowsEstimates: allowEstimates)
    }
    switch combined {
    case .complete(let stored):
      try runOptions.report(BuildSummary(store: output, stored))
    case .pending(let groups, let rows):
      let incomplete = IncompleteHierarchy(store: output, groups: groups, rows: rows)
      guard !requireComplete else { throw incomplete }
      try runOptions.report(
        StepSummary(text: "\(incomplete)", figures: ["pending_groups": groups, "pending_rows": rows]))
    }
  }
}
