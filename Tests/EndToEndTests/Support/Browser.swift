import Foundation
import TestSupport

/// The browser that pages are tested in.
enum Browser {
  static let isInstalled = ["chromium", "chromedriver"].allSatisfy { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  /// Plays a scenario of a script in Tests/Browser on `page.html`, and returns what it prints.
  @discardableResult
  static func play(
    _ script: String, _ scenario: String, in workspace: Workspace, _ arguments: [String] = []
  ) async throws -> String {
    // No turn is taken: the browser mostly waits.
    let finished = try await Python.run(
      .file(Package.path("Tests/Browser/\(script)")), [scenario, "page.html"] + arguments, in: workspace.url)
    guard finished.status == 0 else { throw Workspace.Failure(description: finished.errors) }
    return finished.outputText
  }
}
