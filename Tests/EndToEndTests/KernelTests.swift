import Foundation
import TestSupport
import Testing

@Suite("Kernels for different processors", .byTurns)
struct KernelTests {
  static let data = """
    rng = np.random.default_rng(5)
    x = blobs(9001, 120)
    rows = {
        "typical": x,
        "tied": np.round(x),
        "holes": np.where(rng.random(x.shape) < 0.4, -np.inf, x),
        "confident": 40 * x - 1500,
        "few": x[:, :5],
    }
    for name, values in rows.items():
        values[np.isneginf(values).all(axis=1), 0] = 0
        save(f"{name}.h5", values.astype(np.float32))
    save("double.h5", x.astype(np.float64))
    save("half.h5", x.astype(">f2"))
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    save("probabilities.h5", p.astype(np.float16))
    """

  /// The bytes of everything in a store but for the manifest, which has times in it, file by file.
  private func files(_ store: String, _ workspace: Workspace) throws -> [String: Data] {
    let directory = workspace.url.appending(path: store)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasSuffix(".h5") }
    return Dictionary(
      uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: directory.appending(path: $0))) })
  }

  @Test("All give the same merges and the same segments, to the byte")
  func sameness() async throws {
    let workspace = try await Workspace(Self.data)
    let ways: [[String]] = [
      ["typical.h5"], ["tied.h5"], ["holes.h5"], ["confident.h5"], ["few.h5"], ["double.h5"], ["half.h5"],
      ["typical.h5", "--temperature", "1.7"], ["double.h5", "--temperature", "0.6"],
      ["probabilities.h5", "--kind", "probabilities"],
      ["probabilities.h5", "--kind", "probabilities", "--temperature", "2"],
      // Rows in lanes.
      ["few.h5", "--sketch-width", "0"], ["holes.h5", "--sketch-width", "0"],
      ["double.h5", "--sketch-width", "0", "--temperature", "0.6"],
      ["probabilities.h5", "--sketch-width", "0", "--kind", "probabilities"],
    ]
    for way in ways {
      var expected: (merges: Data, files: [String: Data])?
      for kernel in ["baseline", "v3", "v4"] {
        let store = "\(kernel).logitree"
        let arguments = try ["LOGITREE_KERNEL=\(kernel)", Package.binary(), "build", "-o", store, "--quiet"] + way
        let run = try await Command.run("/usr/bin/env", arguments, in: workspace.url)
        try #require(run.status == 0, "\(run.errors)")
        let merges = try await workspace.succeed("export", store, "--format", "merges")
        let files = try files(store, workspace)
        #expect(!files.isEmpty)
        if let expected {
          #expect(merges == expected.merges, "\(way) with \(kernel)")
          #expect(files == expected.files, "\(way) with \(kernel)")
        }
        expected = (merges, files)
        try FileManager.default.removeItem(at: workspace.url.appending(path: store))
      }
    }
  }

  /// The directory of the release build that the program under test comes from; nil if it is no such.
  private static var releaseBuild: String? {
    guard let binary = try? Package.dynamicBinary() else { return nil }
    let directory = URL(fileURLWithPath: binary).resolvingSymlinksInPath().deletingLastPathComponent()
    let hasTools = ["nm", "objdump"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
    let objects = directory.appending(path: "logitree.product/Objects.LinkFileList").path
    return directory.lastPathComponent == "release" && hasTools && FileManager.default.fileExists(atPath: objects)
      ? directory.path : nil
  }

  @Test(
    "No function compiled for a special processor is called by code for all",
    .enabled(if: releaseBuild != nil, "the program is no release build of this package's"))
  func separation() async throws {
    let workspace = try Workspace()
    let build = try #require(Self.releaseBuild)
    let check = try await Command.run(
      Python.interpreter(), ["-B", Package.path("tools/check-kernels"), build], in: workspace.url
    )
    #expect(check.status == 0, "\(check.errors)")
  }
}
