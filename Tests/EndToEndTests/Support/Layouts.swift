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

  /// The files as they were made; each test works on copies.
  private static let made = Task {
    let workspace = try Workspace()
    try await workspace.python(file: "Tests/Oracle/make_layouts.py", ".")
    return workspace
  }

  init() async throws {
    let workspace = try Workspace()
    let made = try await Self.made.value
    for name in try FileManager.default.contentsOfDirectory(atPath: made.url.path) {
      try FileManager.default.copyItem(atPath: made.path(name), toPath: workspace.path(name))
    }
    try self.init(listedIn: workspace)
  }

  /// Some layouts of so many times the rows, without references.
  init(scale: Int, _ chosen: String...) async throws {
    let workspace = try Workspace()
    try await workspace.python(file: "Tests/Oracle/make_layouts.py", [".", "--scale", "\(scale)"] + chosen)
    try self.init(listedIn: workspace)
  }

  private init(listedIn workspace: Workspace) throws {
    self.workspace = workspace
    let list = try JSONDecoder().decode(List.self, from: Data(workspace.text("layouts.json").utf8))
    references = list.references
    complete = list.layouts
    incomplete = list.incomplete
  }

  /// The merges that the references' own files, which are plain, give with some options.
  func expected(_ options: String...) async throws -> [String: Data] {
    var expected: [String: Data] = [:]
    for (name, reference) in references {
      expected[name] = try await workspace.build([reference.file] + options, to: "reference-\(name).logitree")
    }
    return expected
  }

  /// Builds a layout to NAME.logitree.
  func build(_ layout: Layout, _ options: String...) async throws -> Finished {
    try await workspace.logitree(
      ["build", "-o", store(layout), "--quiet"] + layout.inputs + layout.arguments + options,
      environment: layout.environment)
  }

  /// The bytes of the exported merges of a layout that was built.
  func merges(_ layout: Layout) async throws -> Data {
    try await workspace.succeed("export", store(layout), "--format", "merges")
  }

  func store(_ layout: Layout) -> String { "\(layout.name).logitree" }

  /// Does something for each of `layouts`; what it returns is noted as wrong, by name.
  func check(_ layouts: [Layout], _ work: @escaping @Sendable (Layout, Int) async throws -> String?) async throws {
    let complaints = try await withThrowingTaskGroup(of: String?.self) { group in
      for (index, layout) in layouts.enumerated() {
        group.addTask { try await work(layout, index).map { "\(layout.name): \($0)" } }
      }
      return try await group.reduce(into: [String]()) { all, one in if let one { all.append(one) } }
    }
    for complaint in complaints.sorted() { Issue.record("\(complaint)") }
  }
}
