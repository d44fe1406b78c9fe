import Foundation
import Testing

@Suite("Memory stays within what is given and 64 MiB, whatever the layout", .byTurns)
struct LayoutMemoryTests {
  /// Builds layouts of as many rows as the scale says (1500: a million), whose highest chunk is all of the file: in the
  /// least memory that the program says it needs, and in more.
  private func check(_ layouts: Layouts) async throws {
    #expect(!layouts.complete.isEmpty)
    try await layouts.check(layouts.complete) { layout, _ in
      let refused = try await layouts.build(layout, "--memory", "1KiB")
      guard let least = refused.errors.firstMatch(of: /at least ([0-9.]+) (MiB|GiB)/), let number = Double(least.1)
      else {
        return "no refusal: \(refused.errors)"
      }
      let mebibytes = least.2 == "GiB" ? 1024 * number : number
      for given in [mebibytes, mebibytes + 100] {
        let run = try await layouts.build(layout, "--memory", "\(given)MiB", "--json", "--replace")
        guard run.status == 0 else { return "exit code \(run.status), \(run.errors)" }
        let peak = try #require(jsonObject(run.output)["peak_memory_bytes"] as? Double) / 0x1p20
        print("peak memory of \(layout.name): \(Int(peak)) MiB of \(Int(given)) MiB")
        guard peak <= given + 64 else { return "\(peak) MiB of \(given) MiB" }
      }
      return nil
    }
    // Large chunks are read right, too.
    let alike = layouts.complete.filter { $0.reference == "values" }
    var merges: Set<Data> = []
    for layout in alike { merges.insert(try await layouts.merges(layout)) }
    #expect(merges.count == 1, "\(alike.map(\.name))")
  }

  @Test("A few layouts")
  func few() async throws {
    try await check(
      Layouts(
        scale: Package.isFullSpeed ? 300 : 50, "--groups", "filters,shapes,library", "--only",
        "shuffle-gzip-split,transposed-gzip,zstd,virtual"))
  }

  @Test(
    "All layouts", .enabled(if: Package.runsLargeTests, "set LOGITREE_LARGE to run it"),
    arguments: [
      "chunk_shapes", "filters", "filter_masks", "chunk_indexes", "allocation", "user_blocks", "types", "shapes",
      "library", "npy", "safetensors",
    ])
  func all(group: String) async throws {
    try await check(Layouts(scale: 1500, "--groups", group))
  }
}
