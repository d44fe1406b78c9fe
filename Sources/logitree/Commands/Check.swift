import ArgumentParser
import LogitStream
import Report
import Store

/// `logitree check`: verify a store.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify a store's checksums and consistency, and that its inputs are still the same.",
    discussion: """
      Exits with 65 if the store is damaged, with 66 if inputs are gone or have changed.

        logitree check my.logitree
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  func run() throws {
    let findings = try Store(store).check()
    for finding in findings.damage + findings.sources { Console.error(finding) }
    guard findings.damage.isEmpty else { throw ExitCode(ExitStatus.badData.rawValue) }
    guard findings.sources.isEmpty else { throw ExitCode(ExitStatus.noInput.rawValue) }
    let text = "\(store): sound; \(Text.count(findings.files, "file")), \(ByteCount(findings.byteCount))\n"
    try OutputFile.writeToStandardOutput(Array(text.utf8))
  }
}
