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
    for scenario in ["links", "paper", "phone", "toolbar", "reachable"] {
      try await Browser.play("sharing.py", scenario, in: workspace)
    }
  }
}
