import Foundation
import TestSupport
import Testing

/// What `tools/static-build` links, which `tools/test` runs before the tests.
private enum StaticProgram {
  static let path = Package.path(".build/static/logitree")
  static let isThere = FileManager.default.isExecutableFile(atPath: path)
  /// Whether manuals can be made of it without a build.
  static let hasManual =
    isThere
    && FileManager.default.isExecutableFile(
      atPath: Package.path(".build/release/generate-manual"))
}

@Suite("What is handed to others", .byTurns, .enabled(if: StaticProgram.isThere, "tools/static-build was not run"))
struct DistributionTests {
  private func run(
    _ command: [String], in workspace: Workspace, environment: [String: String] = [:]
  ) async throws -> Finished {
    let finished = try await Command.run("/usr/bin/env", command, in: workspace.url, environment: environment)
    guard finished.status == 0 else {
      throw Workspace.Failure(description: "\(command): \(finished.status), \(finished.errors)\(finished.outputText)")
    }
    return finished
  }

  @Test(
    "The static program needs no loader, environment, /proc or other file", .enabled(if: getuid() == 0))
  func emptyRoot() async throws {
    let workspace = try Workspace()
    let root = workspace.url.appending(path: "root")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    // By a process of its own: what this one has open for writing is for a moment open in those that other tests start, and then
    // can't be run.
    let files = [StaticProgram.path, Package.exampleLogits, Package.exampleNames]
    _ = try await run(["cp"] + files + [root.path], in: workspace)
    func inside(_ arguments: String...) async throws -> Data {
      try await run(["-i", "/usr/sbin/chroot", root.path, "/logitree"] + arguments, in: workspace).output
    }
    let merges = try await workspace.build(Package.exampleLogits, "--names", Package.exampleNames)
    _ = try await inside("build", "languages.h5", "--names", "languages.txt", "-o", "/a b.logitree", "--quiet")
    #expect(try await inside("export", "a b.logitree", "--format", "merges") == merges)
    let page = try await inside("export", "a b.logitree", "--format", "html")
    #expect(page.starts(with: Data("<!doctype html>".utf8)) || page.starts(with: Data("<!DOCTYPE html>".utf8)))
    _ = try await inside("assign", "a b.logitree", "languages.h5:/logits", "-k", "5", "-o", "placed.h5", "--quiet")
    _ = try await inside("check", "a b.logitree")
    let size = try FileManager.default.attributesOfItem(atPath: StaticProgram.path)[.size] as? Int
    #expect(try #require(size) < 25 << 20)
  }

  @Test("A wheel is the same each time, and pip installs it with all it has", .enabled(if: StaticProgram.hasManual))
  func wheel() async throws {
    let workspace = try Workspace()
    let python = try Python.interpreter()
    var wheels: [URL] = []
    for directory in ["first", "second"] {
      let command = [
        python, Package.path("tools/wheel"), "--program", StaticProgram.path, "--output", workspace.path(directory),
      ]
      let printed = try await run(command, in: workspace).outputText
      wheels.append(URL(fileURLWithPath: printed.trimmingCharacters(in: .newlines)))
    }
    let bytes = try Data(contentsOf: wheels[0])
    #expect(try bytes == Data(contentsOf: wheels[1]) && bytes.count < 10 << 20)
    #expect(wheels[0].lastPathComponent.hasSuffix(".musllinux_1_1_x86_64.whl") || !wheels[0].path.contains("x86_64"))

    _ = try await run([python, "-m", "venv", "--without-pip", "new"], in: workspace)
    let pip = [python, "-m", "pip", "--python", "new/bin/python", "--disable-pip-version-check"]
    _ = try await run(pip + ["install", "--quiet", "--no-index", "--no-deps", wheels[0].path], in: workspace)
    // NumPy is the only other package there is, from where the tests have it.
    let link = """
      import numpy, os
      for name in "numpy", "numpy.libs":
          os.symlink(os.path.join(os.path.dirname(numpy.__path__[0]), name), name)
      """
    _ = try await run([python, "-c", link], in: workspace)
    let here = ["PATH": "\(workspace.path("new/bin")):/usr/bin:/bin", "PYTHONPATH": workspace.url.path]
    let script = """
      import os, shutil, logitree, numpy as np
      program = os.path.realpath("new/bin/logitree")
      assert os.path.realpath(logitree.find_program()) == program == os.path.realpath(shutil.which("logitree"))
      assert "site-packages" in logitree.__file__ and os.path.exists(os.path.dirname(logitree.__file__) + "/py.typed")
      rows = np.random.default_rng(1).standard_normal((500, 9), dtype="f4")
      hierarchy = logitree.build(rows)
      assert len(hierarchy.merges) == 8
      print(logitree.__version__)
      """
    let version = try await run(["new/bin/python", "-c", script], in: workspace, environment: here).outputText
    for command in [["logitree", "--version"], ["new/bin/python", "-m", "logitree", "--version"]] {
      #expect(try await run(command, in: workspace, environment: here).outputText == version)
    }
    #expect(try workspace.text("new/share/man/man1/logitree.build.1").contains("N samples x K clusters"))
  }

  @Test(
    "tools/install puts program, manual and completions where shells look",
    .enabled(if: StaticProgram.hasManual))
  func install() async throws {
    let workspace = try Workspace()
    let prefix = workspace.path("a prefix")
    _ = try await run([Package.path("tools/install"), prefix, StaticProgram.path], in: workspace)
    let version = try await run([prefix + "/bin/logitree", "--version"], in: workspace).outputText
    #expect(!version.isEmpty)
    let completed = """
      source "$1/share/bash-completion/completions/logitree" && complete -p logitree
      """
    let told = try await run(["bash", "-c", completed, "-", prefix], in: workspace).outputText
    #expect(told.contains("-F"))
    for file in ["zsh/site-functions/_logitree", "fish/vendor_completions.d/logitree.fish", "man/man1/logitree.1"] {
      #expect(try workspace.text("a prefix/share/\(file)").contains("logitree"), "\(file)")
    }
  }
}
