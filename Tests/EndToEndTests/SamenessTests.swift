import Foundation
import Testing

@Suite("The same rows give the same bytes", .byTurns)
struct SamenessTests {
  /// Data of several blocks at any block size, and the same rows stored in other ways.
  static let data = """
    x = blobs(20_001, 60)
    save("plain.h5", x)
    save("gzip.h5", x, chunks=(100, 60), compression="gzip", shuffle=True)
    save("narrow.h5", x, chunks=(701, 13), compression="gzip", compression_opts=1, fletcher32=True)
    save("high.h5", x, chunks=(20_001, 7), compression="gzip")
    save("tall.h5", x, chunks=(20_001, 7))
    save("big.h5", x.astype(">f4"))
    parts = [x[:7001], x[7001:7002], x[7002:]]
    for name, part in zip("abc", parts):
        save(f"part-{name}.h5", part)
    """

  /// The sizes to give as --memory: from just enough on, so that blocks are of different heights.
  ///
  /// Just enough is what the program says is missing when it is given nearly nothing.
  static func memorySizes(_ workspace: Workspace, _ file: String = "plain.h5", threads: Int) async throws -> [String] {
    let refusal = try await workspace.logitree(
      "build", file, "-o", "out.logitree", "--memory", "1KiB", "--threads", "\(threads)")
    let least = try #require(refusal.errors.firstMatch(of: /at least ([0-9.]+) MiB/))
    let mebibytes = try #require(Double(least.1))
    return [0, 0.1, 0.3, 1, 5, 1000].map { "\(mebibytes + $0)MiB" }
  }

  @Test("Whatever the threads, the memory, the layout, the byte order and the files they lie in")
  func bytes() async throws {
    let workspace = try await Workspace(Self.data)
    let expected = try await workspace.build("plain.h5", "--threads", "1")
    #expect(try MergeRow.table(expected).count == 59)

    var ways: [[String]] = ["2", "3", "16"].map { ["plain.h5", "--threads", $0] }
    for threads in ["1", "3"] {
      let sizes = try await Self.memorySizes(workspace, threads: try #require(Int(threads)))
      ways += sizes.map { ["plain.h5", "--memory", $0, "--threads", threads] }
    }
    for file in ["gzip.h5", "narrow.h5", "high.h5", "tall.h5", "big.h5"] {
      ways += [[file], [file, "--threads", "3"]]
    }
    for file in ["high.h5", "tall.h5"] {
      ways.append([file, "--memory", try await Self.memorySizes(workspace, file, threads: 2)[1], "--threads", "2"])
    }
    let parts = ["part-a.h5", "part-b.h5", "part-c.h5"]
    ways += [parts, parts + ["--threads", "3"], parts.reversed()]
    for way in ways {
      #expect(try await workspace.build(way) == expected, "\(way.joined(separator: " "))")
    }
  }

  @Test("Whether there is room for a sum of every two clusters or not", arguments: ["0", "4", "32"])
  func sparseSums(width: String) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(4000, 900))")
    let build = ["x.h5", "--sketch-width", width, "--threads", "2", "--memory"]
    #expect(try await workspace.build(build + ["48MiB"]) == workspace.build(build + ["1GiB"]))
  }

  @Test("Runs repeat to the byte, in every format")
  func repetition() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(3000, 40))")
    let formats = ["json", "newick", "linkage", "merges", "dot"]
    var runs: [[Data]] = []
    for _ in 1...2 {
      _ = try await workspace.build("x.h5", "--threads", "3")
      var exports: [Data] = []
      for format in formats {
        exports.append(try await workspace.succeed("export", "out.logitree", "--format", format))
      }
      runs.append(exports)
    }
    #expect(runs[0] == runs[1])
  }

  @Test("The store lists the inputs in the order they were given in")
  func order() async throws {
    let workspace = try await Workspace(Self.data)
    let given = ["part-c.h5", "part-a.h5", "part-b.h5"]
    _ = try await workspace.build(given)
    #expect(try await StoreFacts("out.logitree", in: workspace).files == given)
  }

  @Test("A high chunk that memory has no room for is read in parts, with a warning")
  func highChunks() async throws {
    let workspace = try await Workspace(Self.data)
    let memory = try await Self.memorySizes(workspace, "high.h5", threads: 1)[1]
    let run = try await workspace.logitree(
      "build", "high.h5", "-o", "out.logitree", "--memory", memory, "--threads", "1")
    #expect(run.status == 0)
    #expect(run.errors.contains("warning: high.h5:/logits: its chunks are too high"), "\(run.errors)")
  }
}
