import TestSupport
import Testing

@Suite(
  "What leaves the page of export --format html", .anytime, .serialized,
  .enabled(if: Browser.isInstalled, "no chromedriver and Chromium on the PATH; tools/setup --python installs them"))
struct ExplorerSharingTests {
  /// A page of the languages.
  private func languages() async throws -> Workspace {
    let workspace = try Workspace()
    try await workspace.write(
      workspace.build([Package.exampleLogits, "--names", Package.exampleNames]), to: "merges.csv")
    try await workspace.succeed("export", "out.logitree", "--format", "html", "-o", "page.html")
    return workspace
  }

  @Test("Pictures, groups and what is selected are saved as files that other programs read")
  func files() async throws {
    let workspace = try await languages()
    try await workspace.succeed("cut", "out.logitree", "-k", "20", "-o", "groups.csv")
    try await Browser.play("sharing.py", "files", in: workspace, ["merges.csv", "groups.csv"])
  }

  @Test(
    "Links bring back what was shown, paper has all of the tree, a phone the figures of what is tapped; the toolbar keeps to its line, and keys reach everything"
  )
  func scenarios() async throws {
    let workspace = try await languages()
    for scenario in ["links", "paper", "phone", "toolbar", "reachable", "framed"] {
      try await Browser.play("sharing.py", scenario, in: workspace)
    }
  }

  @Test("Groups that a taxonomy has a term for are found by it, and paper has them on one page")
  func terms() async throws {
    let workspace = try Workspace()
    let examples = Package.path("docs/examples")
    _ = try await workspace.build(["\(examples)/imagenet.h5", "--names", "\(examples)/imagenet.txt"])
    try await workspace.succeed(
      "export", "out.logitree", "--format", "html", "--no-matrix", "--taxonomy", "\(examples)/imagenet_wordnet.csv",
      "-o",
      "page.html")
    try await workspace.succeed(
      "compare", "out.logitree", "\(examples)/imagenet_wordnet.csv", "--json", "-o", "comparison.json")
    try await Browser.play("sharing.py", "terms", in: workspace, ["comparison.json"])
  }

  @Test("Two trees side by side show which groups both have, and where clusters have gone")
  func beside() async throws {
    let workspace = try Workspace()
    _ = try await workspace.build([Package.exampleLogits, "--names", Package.exampleNames])
    _ = try await workspace.build(
      [Package.exampleLogits, "--rows", "0:3000", "--names", Package.exampleNames], to: "other.logitree")
    for (store, file) in [("out.logitree", "own.json"), ("other.logitree", "other.json")] {
      try await workspace.succeed("export", store, "--format", "json", "-o", file)
    }
    try await workspace.succeed(
      "export", "out.logitree", "--format", "html", "--beside", "other.logitree", "-o", "page.html")
    try await Browser.play("sharing.py", "beside", in: workspace, ["own.json", "other.json"])
    let into = try await workspace.logitree(
      "export", "out.logitree", "--format", "html", "--beside", "other.logitree", "-o", "other.logitree/manifest.json")
    #expect(into.status != 0)
    let refused = try await workspace.logitree(
      "export", "out.logitree", "--format", "svg", "--beside", "other.logitree")
    #expect(refused.status == 64 && refused.errors.contains("--beside is for --format html"))
  }
}
