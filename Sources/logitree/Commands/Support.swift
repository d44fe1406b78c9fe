import ArgumentParser
import Store

/// `logitree support`: how often each node comes out again when rows are drawn anew.
struct Support: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find how often each node of a tree comes out again, by the bootstrap.",
    discussion: """
      Rows are drawn anew many times, from what the store keeps of each row, and a tree is made of each drawing. A node's \
      support is 1 if all of these trees have it, and lower the more clusters would have to be moved. It is kept in the store, \
      and is in what show and export write. update drops it when there are new rows.

        logitree support my.logitree
        logitree support my.logitree --replicates 1000
        logitree support my.logitree --blocks logits.h5:/photograph

      A margin says how clear a choice was on these rows; support says how often other rows of the same kind would choose \
      the same. Neither stands for the other. Rows that belong together, as crops of one photograph do, are not \
      independent: without --blocks their support is too high.
      """)

  @Argument(help: "A store, as made by build, with sketches.")
  var store: String

  @OptionGroup var bootstrap: BootstrapOptions

  @OptionGroup var runOptions: RunOptions

  func run() throws {
    let stored = try runOptions.run { reporter in
      let opened = try Store(store)
      return try opened.support(
        bootstrap.options(for: opened.read()), resources: runOptions.resources, observer: reporter)
    }
    try runOptions.report(SupportSummary(store: store, stored))
  }
}
