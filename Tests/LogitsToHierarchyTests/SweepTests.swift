import Foundation
import Hierarchy
import LogitStream
import LogitsToHierarchy
import TestSupport
import Testing

/// Rows of 12 clusters in two files, some of them invalid.
private struct Rows {
  static let clusters = 12
  private let directory: TemporaryDirectory
  let passes: SourcePasses
  let slices: [RowSlice]

  init(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    directory = try TemporaryDirectory()
    var specifications: [InputSpecification] = []
    for (name, rows) in [("a.npy", 1700), ("b.npy", 900)] {
      let logits = (0..<rows).flatMap { _ in
        // Some are left out.
        random.happens(0.02)
          ? Array(repeating: .nan, count: Self.clusters) : (0..<Self.clusters).map { _ in 3 * random.normal() }
      }
      let path = directory.path(name)
      try Data(NPY.header(shape: [rows, Self.clusters]) + NPY.bytes(of: logits)).write(to: URL(fileURLWithPath: path))
      specifications.append(InputSpecification(file: path))
    }
    var options = BuildOptions()
    options.sketchWidth = 0
    options.meaning.invalidRows = .skip
    let source = try LogitSource(opening: specifications)
    passes = try SourcePasses(source, options: options, resources: RunResources(), observer: SilentObserver())
    slices = source.slices
  }
}

@Suite("Sweeps")
struct SweepTests {
  private static let groups = [[0, 5], [0, 5, 7], [3, 11]].map { Group($0) }

  @Test("Find what the scan finds of foreseen groups, from rows that lie among others", arguments: seeds(6))
  func asScanned(seed: UInt64) throws {
    let rows = try Rows(seed: seed)
    try withExtendedLifetime(rows) {
      let segment = try rows.passes.scan(rows.slices, foreseen: Self.groups)
      let found = segment.result()
      #expect(found.skippedRows > 0)
      let swept = try rows.passes.sweep(
        rows.slices, for: Self.groups, counts: found.statistics.counts,
        assignments: Array(segment.assignments.clusters),
        observer: SilentObserver())
      #expect(swept == found.evidence.filter { Self.groups.contains($0.key) })
    }
  }

  @Test("Rows that are assigned to others than they were are an error", arguments: seeds(3))
  func changed(seed: UInt64) throws {
    let rows = try Rows(seed: seed)
    try withExtendedLifetime(rows) {
      let segment = try rows.passes.scan(rows.slices, foreseen: [])
      var assignments = Array(segment.assignments.clusters)
      var random = SeededGenerator(seed: seed)
      let changed = try #require(
        assignments.indices.filter { [0, 5, 7].contains(assignments[$0]) }.randomElement(using: &random))
      // As if it were another row, of the group too, or a row that is none any more.
      let skipped = try #require(assignments.firstIndex(of: -1))
      for (row, cluster) in [(changed, assignments[changed] == 0 ? 5 : 0), (skipped, 7)] as [(Int, Int32)] {
        let before = assignments[row]
        assignments[row] = cluster
        #expect(throws: BuildError.self) {
          try rows.passes.sweep(
            rows.slices, for: [Group([0, 5, 7])], counts: segment.result().statistics.counts, assignments: assignments,
            observer: SilentObserver())
        }
        assignments[row] = before
      }
    }
  }
}
