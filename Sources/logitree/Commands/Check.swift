import ArgumentParser
import Errors
import LogitStream
import Report
import Store

/// `logitree check`: verify a store.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify a store's checksums and consistency, and look whether its inputs are still the same.",
    discussion: """
      All of the store is read. Of each input it looks at place, type, shape and 32 rows: if others of its rows were changed, \
      that is not seen. Exits with 65 if the store is damaged, with 74 if something can't be read, with 66 if inputs are gone or have changed.

        logitree check my.logitree
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  func run() throws {
    let findings = try Store(store).check()
    let errors: [any CategorizedError] = findings.damage + findings.unread + findings.sources
    for error in errors { Console.error(Advice.message(error)) }
    // Damage is what it is, whatever else there is; what could not be looked at may hold more.
    let categories: [ErrorCategory] = [.badData, .inputOutput, .missing]
    if let worst = categories.first(where: { category in errors.contains { $0.category == category } }) {
      throw ExitCode(ExitStatus(worst).rawValue)
    }
    try Console.print("\(store): sound; \(Text.count(findings.files, "file")), \(ByteCount(findings.byteCount))\n")
  }
}
