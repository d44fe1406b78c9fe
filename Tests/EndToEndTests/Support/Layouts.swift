import Foundation
import TestSupport
import Testing

/// The files that make_layouts.py writes: the same logits in every layout and container.
struct Layouts: Sendable {
  /// A way to give logits to a build. The script that writes the list says what its facts mean.
  struct Layout: Sendable, Decodable {
    let name: String
    let inputs: [String]
    let arguments: [String]
    let environment: [String: String]
    let reference: String?
    let path: String?
  }

  struct Reference: Sendable, Decodable {
    let file: String
    let merges: String
  }

  private struct List: Decodable {
    let references: [String: Reference]
    let layouts: [Layout]
    let incomplete: [Layout]
  }

  let workspace: Workspace
  let references: [String: Reference]
  /// Those that give the result of their reference.
  let complete: [Layout]
  /// Those with rows that were never written.
  let incomplete: [Layout]

  init() throws {
    workspace = try Workspace()
    let made = try Command(
      Python.interpreter(), ["-B", Package.path("Tests/Oracle/make_layouts.py"), "."], in: workspace.url
    ).finish()
    try #require(made.status == 0, "\(made.errors)")
    let list = try JSONDecoder().decode(List.self, from: Data(workspace.text("layouts.json").utf8))
    references = list.references
    complete = list.layouts
    incomplete = list.incomplete
  }

  /// The merges that the references' own files, which are plain, give with some options.
  func expected(_ options: String...) throws -> [String: Data] {
    try Dictionary(
      uniqueKeysWithValues: references.map { name, reference in
        (name, try workspace.build([reference.file] + options, to: "reference-\(name).logitree"))
      })
  }

  /// Builds a layout to NAME.logitree.
  func build(_ layout: Layout, _ options: String...) throws -> Finished {
    try workspace.logitree(
      ["build", "-o", store(layout), "--quiet"] + layout.inputs + layout.arguments + options,
      environment: layout.environment)
  }

  /// The bytes of the exported merges of a layout that was built.
  func merges(_ layout: Layout) throws -> Data {
    try workspace.succeed("export", store(layout), "--format", "merges")
  }

  func store(_ layout: Layout) -> String { "\(layout.name).logitree" }

  /// Does something for each of `layouts`, a few at a time; what it returns is noted as wrong, by name.
  func check(_ layouts: [Layout], _ work: @escaping @Sendable (Layout, Int) throws -> String?) async throws {
    let complaints = try await withThrowingTaskGroup(of: String?.self) { group in
      for (index, layout) in layouts.enumerated() {
        group.addTask { try work(layout, index).map { "\(layout.name): \($0)" } }
      }
      return try await group.reduce(into: [String]()) { all, one in if let one { all.append(one) } }
    }
    for complaint in complaints.sorted() { Issue.record("\(complaint)") }
  }
}
