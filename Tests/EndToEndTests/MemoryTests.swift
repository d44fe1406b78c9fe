import Foundation
import Testing

@Suite("Memory does not grow with the rows", .byTurns, .serialized)
struct MemoryTests {
  /// The peaks of memory of building `rows` × 100 float32 and of assigning them, in bytes, as the program reports it.
  private func peaks(rows: Int) async throws -> (build: Double, assign: Double) {
    let workspace = try Workspace()
    try await workspace.python(file: "tools/make-logits", "x.h5", "-n", "\(rows)", "-k", "100")
    let output = try await workspace.succeed(
      "build", "x.h5", "-o", "out.logitree", "--quiet", "--json", "--threads", "2")
    let assigned = try await workspace.succeed(
      "assign", "out.logitree", "x.h5", "--confidence", "0.9", "-o", "nodes.h5", "--quiet", "--json", "--threads", "2")
    let peaks = try [output, assigned].map { output in
      let summary = try jsonObject(output)
      #expect(summary["rows"] as? Int == rows)
      return try #require(summary["peak_memory_bytes"] as? Double)
    }
    return (peaks[0], peaks[1])
  }

  private func compare(_ fewer: Int, _ more: Int) async throws {
    let (few, many) = try await (peaks(rows: fewer), peaks(rows: more))
    for (command, first, second) in [("build", few.build, many.build), ("assign", few.assign, many.assign)] {
      print(
        "peak memory of \(command): \(fewer) rows \(Int(first) >> 20) MiB, \(more) rows \(Int(second) >> 20) MiB")
      // A piece of assignments is as large as it gets from half a million rows on.
      #expect(second <= 1.1 * first + (command == "assign" ? 24 * 0x1p20 : 0))
      for peak in [first, second] {
        #expect(peak > 0x1p20)
        #expect(peak < 200 * 0x1p20)
      }
    }
  }

  @Test("100,000 and 300,000 rows")
  func three() async throws { try await compare(100_000, 300_000) }

  @Test(
    "100,000 and 1,000,000 rows",
    .enabled(if: Package.runsLargeTests, "set LOGITREE_LARGE to run it"))
  func large() async throws { try await compare(100_000, 1_000_000) }
}
