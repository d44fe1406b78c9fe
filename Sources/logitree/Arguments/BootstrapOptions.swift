import ArgumentParser
import Evaluation
import Files
import LogitStream
import Report
import Store

/// How rows are drawn anew for support.
struct BootstrapOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the drawing begins from: other numbers give other drawings. (default: 0)", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "A block for each row, an integer or a name, as labels are given: rows of one block are drawn together.",
      valueName: "file"))
  var blocks: String?

  /// The names of the options that were given.
  var given: [String] { (seed == nil ? [] : ["--seed"]) + (blocks == nil ? [] : ["--blocks"]) }

  static func check(replicates: Int, option: String) throws(ValidationError) {
    guard (1...1_000_000).contains(replicates) else {
      throw ValidationError("\(option) must be from 1 to 1000000.")
    }
  }

  /// Opens the file of blocks, if there is one, for inputs that have so many rows.
  func blockFile(rows: Int) throws -> LabelFile? {
    try blocks.map { try LabelFile($0, clusterNames: [], mostRows: rows) }
  }

  /// How support is to be found of a store, with the blocks read.
  func options(replicates: Int, blocks file: LabelFile?, of stored: StoredHierarchy) throws -> Store.SupportOptions {
    var options = Store.SupportOptions(replicates: replicates, seed: seed ?? 0)
    guard let file else { return options }
    let ids = try file.blocks(rows: [stored.manifest.arrayRows, stored.manifest.rows])
    // A pipe has another name the next time, which says nothing.
    options.blocks = Store.RowBlocks(location: isPiped ? "a pipe" : file.location, ids: ids, of: stored)
    return options
  }

  /// The command that finds so many replicates of a store.
  func command(replicates: Int, store: String) -> String {
    var words = ["logitree", "support", Shell.quoted(store), "--replicates", "\(replicates)"]
    if let seed { words += ["--seed", "\(seed)"] }
    if let blocks { words += ["--blocks", isPiped ? "FILE" : Shell.quoted(blocks)] }
    return words.joined(separator: " ")
  }

  /// Whether blocks come from a pipe; one that can't be looked at is no pipe that was read.
  private var isPiped: Bool {
    guard let blocks else { return false }
    return (try? FileSystem.isSpecial(InputSpecification(parsing: blocks).file)) ?? false
  }
}
