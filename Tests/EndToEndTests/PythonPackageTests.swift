import Foundation
import TestSupport
import Testing

@Suite("The Python package", .byTurns)
struct PythonPackageTests {
  @Test(
    "Its own tests, in Tests/Python/package.py",
    arguments: [
      "forms", "top_k", "hierarchy", "placements", "stores", "lifetimes", "changes", "names", "tables", "bundles",
      "values", "messages", "failures", "interruptions", "writer", "appending", "looks", "types",
    ])
  func package(_ test: String) async throws {
    let workspace = try Workspace()
    for file in ["languages.h5", "languages.txt", "language_families.csv"] {
      try FileManager.default.copyItem(atPath: Package.path("docs/examples/\(file)"), toPath: workspace.path(file))
    }
    try await workspace.python(file: "Tests/Python/package.py", Package.binary(), test)
  }
}
