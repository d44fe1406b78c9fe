import ArgumentParser
import Store

/// `logitree support`: how often each node comes out again when rows are drawn anew.
struct Support: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find how often each node of a tree comes out again, by the bootstrap.",
    discussion: """
      Rows are drawn anew many times, from what the store keeps of each row, and a tree is made of each drawing. A node's \
      support is 1 if all of these trees have it, and lower the more clusters would have to be moved. It is kept in the store: \
      show says it, with --node of one node, and export writes it. update drops it when there are new rows.

      A run that was interrupted, run again, goes on from the replicates that it had kept, and so does one that asks for more \
      of them, if seed and blocks are the same.

        logitree support my.logitree
        logitree support my.logitree --replicates 1000
        logitree support my.logitree --blocks logits.h5:/photograph

      A margin says how clear a choice was on these rows; support says how often other rows of the same kind would choose \
      the same. Neither stands for the other. Rows that belong together, as crops of one photograph do, are not \
      independent: without --blocks their support is too high.
      """)

  @Argument(help: "A store, as made by build, with sketches.")
  var store: String

  @Option(help: ArgumentHelp("How often rows are drawn anew.", valueName: "n"))
  var replicates = 100

  @OptionGroup var bootstrap: BootstrapOptions

  @OptionGroup var runOptions: RunOptions

  mutating func validate() throws { try BootstrapOptions.check(replicates: replicates, option: "--replicates") }

  func run() throws {
    let stored = try runOptions.run { reporter in
      let opened = try Store(store)
      let known = try opened.read()
      let blocks = try bootstrap.blockFile(rows: known.manifest.arrayRows)
      return try opened.support(
        bootstrap.options(replicates: replicates, blocks: blocks, of: known), resources: runOptions.resources,
        observer: reporter)
    }
    try runOptions.report(SupportSummary(store: store, stored))
  }
}
