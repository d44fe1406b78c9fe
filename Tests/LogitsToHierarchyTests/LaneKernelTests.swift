import Foundation
import KernelInterface
import LogitStream
import LogitsToHierarchy
import TestSupport
import Testing

@testable import KernelUnderTest

extension TargetTable {
  /// The same targets, for rows one by one.
  fileprivate var withoutWalk: TargetTable {
    TargetTable(
      innermost: innermost, around: around, parts: parts, memberStarts: memberStarts, ringStarts: ringStarts,
      ringEnds: ringEnds, walk: nil)
  }
}

/// All that a batch gives, as bits.
private struct BatchBits: Equatable {
  var done = 0
  var assignments: [Int32] = []
  var doubts: [UInt64] = []
  /// Slot, cluster and probability, in the order of slots.
  var reassigned: [[UInt64]] = []
}

@Suite("Rows in lanes")
struct LaneKernelTests {
  private func bits(
    _ rows: [UInt8], count: Int, stride: Int, _ form: RowForm, _ targets: PassTargets, _ table: TargetTable
  ) -> BatchBits {
    let scratch = FixedBuffer<UInt8>(
      repeating: 0xA5, count: Implementation.scratchByteCount(clusters: form.clusters, sketchWidth: 0) + 128)
    let aligned = UnsafeMutableRawPointer(scratch.start).alignedUp(toMultipleOf: 128)
    let assignments = FixedBuffer<Int32>(repeating: -7, count: count)
    let doubts = FixedBuffer<Double>(repeating: -7, count: count)
    let reassigned = FixedBuffer(
      repeating: Reassignment(slot: 0, cluster: 0, probability: 0), count: count * max(1, targets.longestChain))
    let found = FixedBuffer(repeating: 0, count: 1)
    // A buffer of just this size, so that what is read beyond it shows where memory is checked.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: rows.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyMemory(from: rows, byteCount: rows.count)
    let done = Implementation.work(
      on: RowBatch(
        form: form, rows: memory, count: count, rowByteCount: stride, targets: table, sketches: nil,
        scratch: aligned, assignments: assignments.start, doubts: doubts.start, reassigned: reassigned.start,
        reassignedCount: found.start))
    var result = BatchBits(done: done)
    result.assignments = (0..<done).map { assignments.start[$0] }
    result.doubts = (0..<done).map { doubts.start[$0].bitPattern }
    result.reassigned = (0..<found.start[0]).map {
      let reassignment = reassigned.start[$0]
      return [UInt64(reassignment.slot), UInt64(reassignment.cluster), reassignment.probability.bitPattern]
    }.sorted { $0.lexicographicallyPrecedes($1) }
    return result
  }

  /// Nested and disjoint groups, with single clusters or without.
  private func targets(_ clusters: Int, _ random: inout SeededGenerator) -> PassTargets {
    var alive = (0..<clusters).map { [$0] }
    var groups: [Group] = []
    while alive.count > 1 {
      let first = alive.remove(at: random.int(0...alive.count - 1))
      let second = alive.remove(at: random.int(0...alive.count - 1))
      let merged = (first + second).sorted()
      alive.append(merged)
      if merged.count < clusters, random.happens(0.6) { groups.append(Group(merged)) }
    }
    return random.happens(0.7)
      ? PassTargets.singletons(clusters: clusters, and: groups)
      : PassTargets(groups.isEmpty ? [Group([0])] : groups, clusters: clusters)
  }

  private func bytes(_ row: [Double], _ numbers: NumberFormat) -> [UInt8] {
    row.flatMap { value -> [UInt8] in
      switch numbers {
      case .float16: withUnsafeBytes(of: Float16(value).bitPattern.littleEndian) { Array($0) }
      case .float32BigEndian: withUnsafeBytes(of: Float(value).bitPattern.bigEndian) { Array($0) }
      case .float64: withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      default: withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) }
      }
    }
  }

  @Test(
    "Sixteen rows at a time give the same bits as one by one, whatever rows, groups, types and gaps",
    arguments: seeds(30))
  func sameness(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<8 {
      let clusters = [2, 3, 7, 10, 15, 16, 17, 31, 33, 64, 100, 127, 128][random.int(0...12)]
      let targets = targets(clusters, &random)
      let isProbability = random.happens(0.4)
      let numbers: NumberFormat = [.float16, .float32, .float32BigEndian, .float64][random.int(0...3)]
      let form = RowForm(
        numbers: numbers, clusters: clusters, isProbability: isProbability,
        temperature: [1, 1, 0.3, 2.7, 4][random.int(0...4)])
      let gap = random.int(0...1) * random.int(0...40)
      let count = random.int(1...70)
      let invalid = random.happens(0.4) ? random.int(0...count - 1) : count
      var memory: [UInt8] = []
      for number in 0..<count {
        var row = RowKind.allCases[random.int(0...RowKind.allCases.count - 1)].row(clusters, &random)
        if isProbability {
          let top = row.max() ?? 0
          let total = row.reduce(0) { $0 + exp($1 - top) }
          row = row.map { exp($0 - top) / total }
        }
        if number == invalid { row[random.int(0...clusters - 1)] = .nan }
        // Between rows lies what is no row.
        if number > 0 { memory += [UInt8](repeating: 0xFF, count: gap) }
        memory += bytes(row, numbers)
      }
      let stride = clusters * numbers.byteCount + gap
      let table = targets.table
      #expect(table.walk != nil)
      let together = bits(memory, count: count, stride: stride, form, targets, table)
      let alone = bits(memory, count: count, stride: stride, form, targets, table.withoutWalk)
      #expect(together == alone, "\(clusters) clusters, \(form), \(count) rows, \(gap) bytes between")
      #expect(alone.done <= invalid)
    }
  }

  @Test("What is longer than that is worked on row by row")
  func long() {
    #expect(PassTargets.singletons(clusters: TargetTable.mostClustersInLanes).table.walk != nil)
    #expect(PassTargets.singletons(clusters: TargetTable.mostClustersInLanes + 1).table.walk == nil)
  }
}
