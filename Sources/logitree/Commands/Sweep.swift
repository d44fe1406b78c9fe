import ArgumentParser
import Report
import Store

/// `logitree sweep`: a share of a later pass of a build.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read a share of the rows again, for the exact evidence that combine says is needed.",
    discussion: """
      The inputs must be where they were for the scan. If the store waits for nothing, nothing is done. logitree help scan \
      shows all steps.
      """)

  @Argument(help: "A store, as made by combine.")
  var store: String

  @OptionGroup var shardOptions: ShardOptions

  @OptionGroup var runOptions: RunOptions

  func run() throws {
    let shard = try runOptions.run { reporter in
      try Store(store).sweep(
        shardOptions.shard, into: shardOptions.output, resources: runOptions.resources,
        observer: reporter)
    }
    let text: Message =
      if let directory = shard.directory, shard.rows == 0 {
        "\(directory): no rows are left for this share"
      } else if let directory = shard.directory {
        "\(directory): exact evidence of \(Text.count(shard.groups, "group")) from \(Text.count(shard.rows, "row"))"
      } else {
        "\(store): nothing is pending"
      }
    try runOptions.report(StepSummary(text: text, figures: ["groups": shard.groups, "rows": shard.rows]))
  }
}
