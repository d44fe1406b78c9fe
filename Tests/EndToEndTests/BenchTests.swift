import Foundation
import TestSupport
import Testing

@Suite("The benchmark", .byTurns)
struct BenchTests {
  @Test("tools/bench --quick prints every row of its table; how fast is not asked")
  func quick() async throws {
    let workspace = try Workspace()
    let run = try await Command.run(
      Python.interpreter(),
      ["-B", Package.path("tools/bench"), "--quick", "--runs", "1", "--directory", "bench"], in: workspace.url,
      environment: ["LOGITREE_BINARY": Package.binary()]
    )
    try #require(run.status == 0, "\(run.errors)")
    let rows = [
      ("float32, chunks of 256 rows", "h5py's read"), ("float32, contiguous", "h5py's read"),
      ("float32, gzip 4 + shuffle", "h5py's read"), ("float16, chunks of 256 rows", "ours, float32"),
      ("float32, contiguous", "NumPy, once"), ("rows to sums", "GB/s"),
      ("… sketches, what is foreseen", "GB/s"), ("cat FILE > /dev/null", "GB/s"),
      ("a loop of pread, 1 MiB each", "GB/s"), ("199 of 199 merges", "the same in NumPy"),
    ]
    let lines = run.outputText.split(separator: "\n")
    for (start, part) in rows {
      let matching = lines.filter { $0.hasPrefix(start) && $0.contains(part) }
      #expect(matching.count == 1, "\(start), \(part):\n\(run.outputText)")
    }
    #expect(try workspace.listing() == ["bench"], "what was written is removed")
  }
}
