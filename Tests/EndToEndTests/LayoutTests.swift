import Foundation
import Testing

@Suite("Logits give the same result to the byte, in whatever layout and container they come", .byTurns)
struct LayoutTests {
  @Test("The plain files give the merges of the method's definition")
  func references() async throws {
    let layouts = try await Layouts()
    for (name, reference) in layouts.references {
      _ = try await layouts.workspace.build(reference.file)
      let found = try await StoreFacts("out.logitree", in: layouts.workspace)
      let expected = try MergeRow.table(layouts.workspace.text(reference.merges))
      switch Comparison.of(found, with: expected) {
      case .same, .sameUpToNearTie: break
      case .different(let difference): Issue.record("\(name): \(difference)")
      }
    }
  }

  @Test("Every layout, with sketches of the rows, and some without", arguments: ["32", "0"])
  func layouts(width: String) async throws {
    let layouts = try await Layouts()
    let expected = try await layouts.expected("--sketch-width", width)
    // Without sketches other passes read the same way.
    let chosen = layouts.complete.enumerated().filter { width == "32" || Package.runsLargeTests || $0.offset % 8 == 0 }
    try await layouts.check(chosen.map(\.element)) { layout, index in
      let run = try await layouts.build(layout, "--sketch-width", width, "--threads", "\(1 + index % 3)")
      guard run.status == 0 else { return "exit code \(run.status), \(run.errors)" }
      guard let reference = layout.reference, let merges = expected[reference] else { return "no reference" }
      guard try await layouts.merges(layout) == merges else { return "another result" }
      return index % 8 == 0 || Package.runsLargeTests ? try await update(layout, in: layouts) : nil
    }
  }

  /// What is wrong with an update with nothing new, if something is: it must find that its sources are what they were.
  private func update(_ layout: Layouts.Layout, in layouts: Layouts) async throws -> String? {
    let before = try sources(layout, in: layouts)
    let run = try await layouts.workspace.logitree(
      ["update", layouts.store(layout), "--quiet"], environment: layout.environment)
    guard run.status == 0 else { return "an update with nothing new: exit code \(run.status), \(run.errors)" }
    let after = try sources(layout, in: layouts)
    return before.count > 0 && after == before ? nil : "an update with nothing new finds \(after), not \(before)"
  }

  /// The inputs of a store, with the fingerprints of their rows.
  private func sources(_ layout: Layouts.Layout, in layouts: Layouts) throws -> NSArray {
    let manifest = try jsonObject(Data(layouts.workspace.text("\(layouts.store(layout))/manifest.json").utf8))
    let content = try #require(manifest["content"] as? [String: Any])
    return try #require(content["sources"] as? NSArray)
  }

  @Test("inspect says which path reads them")
  func inspect() async throws {
    let layouts = try await Layouts()
    try await layouts.check(layouts.complete) { layout, _ in
      for input in layout.inputs {
        let form = layout.arguments.first == "--raw" ? layout.arguments : []
        let run = try await layouts.workspace.logitree(["inspect", input] + form, environment: layout.environment)
        guard run.status == 0 else { return "exit code \(run.status), \(run.errors)" }
        let isDirect = run.outputText.contains("read directly")
        let isByLibrary = run.outputText.contains("read through the HDF5 library")
        guard isDirect != isByLibrary, layout.path == nil || isDirect == (layout.path == "direct") else {
          return "inspect \(input), which is to be read by the path \(layout.path ?? "it names"):\n\(run.outputText)"
        }
      }
      return nil
    }
  }

  @Test("Rows that were never written are an error, and can be left out")
  func neverWritten() async throws {
    let layouts = try await Layouts()
    let expected = try await layouts.expected()
    try await layouts.check(layouts.incomplete) { layout, _ in
      let failed = try await layouts.build(layout)
      guard failed.status == 65, failed.errors.contains(layout.inputs[0]) else {
        return "exit code \(failed.status), \(failed.errors)"
      }
      guard let reference = layout.reference else { return nil }
      guard failed.errors.contains("never written") else { return failed.errors }
      let skipped = try await layouts.build(layout, "--on-invalid", "skip")
      guard skipped.status == 0 else { return "--on-invalid skip: exit code \(skipped.status), \(skipped.errors)" }
      return try await layouts.merges(layout) == expected[reference] ? nil : "another result than of the other rows"
    }
  }
}
