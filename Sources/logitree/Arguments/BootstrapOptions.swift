import ArgumentParser
import Evaluation
import Store

/// How rows are drawn anew for support.
struct BootstrapOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How often rows are drawn anew.", valueName: "n"))
  var replicates = 100

  @Option(help: ArgumentHelp("What the drawing begins from: other numbers give other drawings.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "A block for each row, an integer or a name, as labels are given: rows of one block are drawn together.",
      valueName: "file"))
  var blocks: String?

  mutating func validate() throws {
    try Self.check(replicates: replicates, option: "--replicates")
  }

  static func check(replicates: Int, option: String) throws(ValidationError) {
    guard (1...1_000_000).contains(replicates) else {
      throw ValidationError("\(option) must be from 1 to 1000000.")
    }
  }

  /// The options with the blocks read, for rows of a store.
  func options(for stored: StoredHierarchy) throws -> Store.SupportOptions {
    var options = Store.SupportOptions(replicates: replicates, seed: seed)
    guard let blocks else { return options }
    let file = try LabelFile(blocks, clusterNames: [], mostRows: stored.manifest.arrayRows)
    let ids = try file.blocks(rows: [stored.manifest.arrayRows, stored.manifest.rows])
    options.blocks = Store.RowBlocks(location: file.location, ids: ids, of: stored)
    return options
  }
}
