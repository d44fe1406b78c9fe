import Foundation
import TestSupport
import Testing

/// The programs of docs/library.md, which depend on this package as any other would: what they use must be public.
@Suite("The library, as its page shows it", .byTurns)
struct LibraryTests {
  /// Where the programs are built, always the same, so that only what changed is built anew.
  private static let directory = Package.root.appending(path: ".build/library")

  /// Writes a package beside one that is called `logitree`, and builds and runs it where the example data are.
  private func run(_ manifest: String, _ program: String, in workspace: Workspace) async throws -> Finished {
    let package = Self.directory.appending(path: "groups")
    let sources = package.appending(path: "Sources/groups")
    try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
    let link = Self.directory.appending(path: "logitree").path
    if !FileManager.default.fileExists(atPath: link) {
      try? FileManager.default.removeItem(atPath: link)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../..")
    }
    try write(manifest, to: package.appending(path: "Package.swift"))
    try write(program, to: sources.appending(path: "main.swift"))
    return try await Command.run(
      "/usr/bin/env", ["swift", "run", "--quiet", "--package-path", package.path, "groups"], in: workspace.url)
  }

  /// Leaves a file alone that is as it should be.
  private func write(_ text: String, to url: URL) throws {
    guard (try? String(contentsOf: url, encoding: .utf8)) != text else { return }
    try Data(text.utf8).write(to: url)
  }

  @Test("The page's programs build from what is public, and print what it shows")
  func page() async throws {
    let page = try DocumentationPage("docs/library.md")
    let code = page.blocks("swift")
    try #require(code.count == 3)
    let workspace = try Workspace()
    for file in ["languages.h5", "languages.txt"] {
      try FileManager.default.copyItem(atPath: Package.path("docs/examples/\(file)"), toPath: workspace.path(file))
    }
    let groups = try await run(code[0], code[1], in: workspace)
    try #require(groups.status == 0, "\(groups.errors)\(groups.outputText)")
    #expect(groups.outputText == (page.blocks("text").first ?? "") + "\n")

    let names = ["--names", "languages.txt"]
    try await workspace.succeed(["build", "languages.h5", "-o", "same.logitree", "--quiet"] + names)
    #expect(
      try await workspace.succeed("export", "same.logitree", "--format", "newick")
        == Data(contentsOf: workspace.url.appending(path: "languages.nwk")))

    let stored = try await run(code[0], code[2], in: workspace)
    #expect(stored.status == 0 && stored.outputText == "96\n96\n", "\(stored.errors)\(stored.outputText)")
  }
}
