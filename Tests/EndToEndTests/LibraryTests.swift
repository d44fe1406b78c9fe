import Foundation
import TestSupport
import Testing

/// The programs of docs/library.md, which depend on this package as any other would: what they use must be public.
@Suite("The library, as its page shows it", .byTurns)
struct LibraryTests {
  private func run(_ command: [String], in workspace: Workspace) async throws -> String {
    let finished = try await Command.run("/usr/bin/env", command, in: workspace.url)
    guard finished.status == 0 else { throw Workspace.Failure(description: finished.errors + finished.outputText) }
    return finished.outputText
  }

  /// Compiles a program and runs it. The modules it imports are those that were built for the tests: SwiftPM would compile
  /// all of them once more.
  private func run(_ program: String, in workspace: Workspace) async throws -> String {
    let built = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let list = try String(contentsOf: built.appending(path: "logitree.product/Objects.LinkFileList"), encoding: .utf8)
    let objects = list.split(separator: "\n").filter { !$0.contains("/logitree.build/") }
    try workspace.write(objects.joined(separator: "\n"), to: "objects")
    try workspace.write(program, to: "main.swift")
    let libraries = try await run(
      ["pkg-config", "--cflags", "--libs", "hdf5", "libdeflate", "zlib", "libzstd", "liblz4"], in: workspace)
    let modules = try Self.moduleMaps().flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
    _ = try await run(
      ["swiftc", "-swift-version", "6", "-o", "program", "main.swift", "@objects", "-I"]
        + [built.appending(path: "Modules").path] + modules
        + libraries.split(whereSeparator: \.isWhitespace).map(String.init), in: workspace)
    return try await run(["./program"], in: workspace)
  }

  /// The maps of the C modules that ours and other packages' import.
  private static func moduleMaps() throws -> [String] {
    let packages = ["swift-numerics", "swift-system"].map { ".build/checkouts/\($0)/Sources" }
    let modules = try (["Sources"] + packages).map(Package.path).flatMap { sources in
      try FileManager.default.contentsOfDirectory(atPath: sources).map { "\(sources)/\($0)" }
    }
    return modules.flatMap { ["\($0)/module.modulemap", "\($0)/include/module.modulemap"] }
      .filter { FileManager.default.fileExists(atPath: $0) }
  }

  @Test("The page's package finds the product")
  func manifest() async throws {
    let workspace = try Workspace()
    let sources = workspace.url.appending(path: "groups/Sources/groups")
    try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: workspace.path("logitree"), withDestinationPath: Package.root.path)
    let code = try DocumentationPage("docs/library.md").blocks("swift")
    try workspace.write(code[0], to: "groups/Package.swift")
    try workspace.write(code[1], to: "groups/Sources/groups/main.swift")
    let told = try await run(["swift", "package", "--package-path", "groups", "show-dependencies"], in: workspace)
    #expect(told.contains("logitree"), "\(told)")
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
    #expect(try await run(code[1], in: workspace) == (page.blocks("text").first ?? "") + "\n")

    let names = ["--names", "languages.txt"]
    try await workspace.succeed(["build", "languages.h5", "-o", "same.logitree", "--quiet"] + names)
    #expect(
      try await workspace.succeed("export", "same.logitree", "--format", "newick")
        == Data(contentsOf: workspace.url.appending(path: "languages.nwk")))

    #expect(try await run(code[2], in: workspace) == "96\n96\n")
  }
}
