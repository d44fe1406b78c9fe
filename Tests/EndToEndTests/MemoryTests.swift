import Foundation
import Testing

@Suite("Memory does not grow with the rows", .serialized)
struct MemoryTests {
  /// The peak of memory of building `rows` × 100 float32, in bytes, as the program reports it.
  private func peak(rows: Int) throws -> Double {
    let workspace = try Workspace()
    let made = try Command(
      Package.python(), ["-B", Package.path("tools/make-logits"), "x.h5", "-n", "\(rows)", "-k", "100"],
      in: workspace.url
    ).finish()
    try #require(made.status == 0, "\(made.errors)")
    let output = try workspace.succeed(
      "build", "x.h5", "-o", "out.logitree", "--quiet", "--json", "--threads", "2")
    let summary = try jsonObject(output)
    #expect(summary["rows"] as? Int == rows)
    return try #require(summary["peak_memory_bytes"] as? Double)
  }

  private func compare(_ fewer: Int, _ more: Int) throws {
    let peaks = try [peak(rows: fewer), peak(rows: more)]
    print("peak memory: \(fewer) rows \(Int(peaks[0]) >> 20) MiB, \(more) rows \(Int(peaks[1]) >> 20) MiB")
    #expect(peaks[1] <= 1.1 * peaks[0])
    for peak in peaks {
      #expect(peak > 0x1p20)
      #expect(peak < 200 * 0x1p20)
    }
  }

  @Test("100,000 and 300,000 rows")
  func three() throws { try compare(100_000, 300_000) }

  @Test(
    "100,000 and 1,000,000 rows",
    .enabled(if: ProcessInfo.processInfo.environment["LOGITREE_LARGE"] != nil, "set LOGITREE_LARGE to run it"))
  func large() throws { try compare(100_000, 1_000_000) }
}
