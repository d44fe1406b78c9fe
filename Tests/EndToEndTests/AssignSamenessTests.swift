import Foundation
import Testing

@Suite("Rows are assigned the same, to the byte", .byTurns)
struct AssignSamenessTests {
  private static let rules = [["-k", "7"], ["--confidence", "0.7"]]

  /// The bytes of a result, which depend on its content alone.
  private func assign(_ arguments: [String], _ workspace: Workspace, environment: [String: String] = [:]) async throws
    -> Data
  {
    let run = try await workspace.logitree(
      ["assign", "out.logitree", "-o", "result.h5", "--quiet"] + arguments, environment: environment)
    guard run.status == 0 else { throw Workspace.Failure(description: run.errors) }
    return try Data(contentsOf: workspace.url.appending(path: "result.h5"))
  }

  @Test("By each kernel, number of threads, memory, and split of the rows into inputs")
  func ways() async throws {
    // More than one piece, and more than one chunk in it.
    let rows = Package.runsLargeTests ? 700_000 : Package.isFullSpeed ? 200_000 : 70_000
    let workspace = try await Workspace(
      """
      x = blobs(\(rows), 12)
      save("x.h5", x, chunks=(1000, 12))
      save("a.h5", x[:67_000])
      save("b.h5", x[67_000:], chunks=(333, 5), compression="gzip", compression_opts=1)
      save("first.h5", x[:65_536])
      """)
    _ = try await workspace.build("x.h5")
    for rule in Self.rules {
      let expected = try await assign(["x.h5"] + rule, workspace)
      for kernel in ["baseline", "v3", "v4"] {
        #expect(
          try await assign(["x.h5"] + rule, workspace, environment: ["LOGITREE_KERNEL": kernel]) == expected,
          "\(kernel)")
      }
      #expect(try await assign(["x.h5", "--threads", "1"] + rule, workspace) == expected)
      #expect(try await assign(["x.h5", "--threads", "5", "--memory", "64MiB"] + rule, workspace) == expected)
      #expect(try await assign(["a.h5", "b.h5"] + rule, workspace) == expected)
      // A file of exactly one chunk, and rows chosen from a longer one.
      #expect(
        try await assign(["first.h5"] + rule, workspace) == assign(["x.h5", "--rows", "..<65536"] + rule, workspace))
    }
  }

  @Test("By each kernel for each type and kind of numbers")
  func kernels() async throws {
    let workspace = try await Workspace(
      KernelTests.data
        + """

        for name in ["typical", "double", "half", "probabilities", "holes", "tied", "confident"]:
            os.rename(f"{name}.h5", f"x-{name}.h5")
        """)
    for (name, options) in [
      ("typical", []), ("double", ["--temperature", "0.6"]), ("half", ["--temperature", "1.7"]),
      ("probabilities", ["--kind", "probabilities"]), ("holes", []), ("tied", []), ("confident", []),
    ] {
      _ = try await workspace.build(["x-\(name).h5"] + options)
      for rule in Self.rules {
        var results: [Data] = []
        for kernel in ["baseline", "v3", "v4"] {
          results.append(
            try await assign(["x-\(name).h5"] + rule, workspace, environment: ["LOGITREE_KERNEL": kernel]))
        }
        #expect(results[1] == results[0] && results[2] == results[0], "\(name) \(rule)")
      }
    }
  }

  @Test("In whatever layout and container they come")
  func layouts() async throws {
    let layouts = try await Layouts()
    let workspace = layouts.workspace
    for (name, reference) in layouts.references {
      _ = try await workspace.build([reference.file], to: "\(name).store.logitree")
      try await workspace.succeed(
        "assign", "\(name).store.logitree", reference.file, "--confidence", "0.7", "-o", "\(name).reference.h5",
        "--quiet")
    }
    // Rows are read as for a build, which LayoutTests have of all.
    let chosen = layouts.complete.enumerated().filter { Package.runsLargeTests || $0.offset % 4 == 1 }
    try await layouts.check(chosen.map(\.element)) { layout, index in
      guard let reference = layout.reference else { return "no reference" }
      let output = "\(layout.name).assigned.h5"
      let run = try await workspace.logitree(
        ["assign", "\(reference).store.logitree", "--confidence", "0.7", "-o", output, "--quiet"] + layout.inputs
          + layout.arguments + ["--threads", "\(1 + index % 3)"],
        environment: layout.environment)
      guard run.status == 0 else { return "exit code \(run.status), \(run.errors)" }
      let same = try [output, "\(reference).reference.h5"].map {
        try Data(contentsOf: workspace.url.appending(path: $0))
      }
      return same[0] == same[1] ? nil : "another result"
    }
  }
}
