import ArgumentParser
import Report
import Store

/// `logitree scan`: a share of the first step of a build.
struct Scan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scan a share of the rows: the first step of a build that several processes share.",
    discussion: """
      Each process scans a share, combine brings together what they learnt, and says whether rows must be read again, of \
      which each process sweeps a share. The result is that of build, to the bit. A step run again goes on where it was; \
      if it was finished, nothing is done.

        # 1/8, and so on to 8/8, anywhere
        logitree scan logits.h5 --names classes.txt --shard 1/8 -o shards
        logitree combine shards -o my.logitree
        # if combine says so: 1/8, and so on to 8/8
        logitree sweep my.logitree --shard 1/8 -o shards
        logitree combine shards -o my.logitree
      """)

  @OptionGroup var data: DataArguments

  @OptionGroup var shardOptions: ShardOptions

  @OptionGroup var runOptions: RunOptions

  private struct Figures: Encodable {
    let directory: String
    let rows: Int
    let segments: Int
  }

  func run() throws {
    let (shard, rows) = try runOptions.run { reporter in
      let (source, names) = try data.open()
      let options = try data.options(for: source, names, keepsSketches: true)
      try data.warnBeforehand(source, names, options, runOptions, reporter)
      let shard = try Store.scan(
        shardOptions.shard, of: source, into: shardOptions.output, names: names, namesFile: data.namesFile,
        options: options, resources: runOptions.resources, observer: reporter)
      return (shard, source.rows)
    }
    try runOptions.report(
      StepSummary(
        text: """
          \(shard.directory): \(Text.count(shard.rows, "row")) of \(Text.grouped(rows)) in \
          \(Text.count(shard.segments, "segment"))
          """,
        figures: Figures(directory: shard.directory, rows: shard.rows, segments: shard.segments)))
  }
}
