import ArgumentParser
import Report
import Store

/// `logitree show`: the tree in the terminal, and the run's figures.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Draw the tree in the terminal.")

  @Argument(help: "A store, as made by build.")
  var store: String

  func run() throws {
    let stored = try Store(store).read()
    let tree = TerminalTree(stored.hierarchy, width: Console.width ?? 120).text()
    let summary = BuildSummary(store: store, stored)
    let warnings = summary.warnings.map { "\n" + $0 }.joined()
    try OutputFile.writeToStandardOutput(Array("\(tree)\n\(summary.text)\(warnings)\n".utf8))
  }
}
