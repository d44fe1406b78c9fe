import LogitsToHierarchy
import TestSupport
import Testing

@Suite("Plan of memory")
struct MemoryPlanTests {
  private static let clusters = [2, 3, 10, 97, 360, 1000, 5000, 21_841, 200_000]
  private static let memory = [45, 64, 128, 300, 1024, 1 << 14].map { $0 << 20 }

  /// A source of some kind: rows of 16 to 64 bits, read as they are or from chunks.
  private static func demand(clusters: Int, _ random: inout SeededGenerator) -> MemoryDemand {
    let rowByteCount = clusters * [2, 4, 8][random.int(0...2)]
    var demand = MemoryDemand(
      clusters: clusters, rows: [1, 6033, 1_281_167, 1 << 34][random.int(0...3)], rowByteCount: rowByteCount)
    if random.happens(0.3) {
      demand.buffersPerBlock = random.int(1...3)
      demand.rowByteCount *= demand.buffersPerBlock
    }
    if random.happens(0.5) { demand.workspaceByteCount = random.int(1...64) * rowByteCount + 1 << 16 }
    return demand
  }

  private func check(_ phases: [MemoryPhase], whole: Int, _ about: String) {
    for phase in phases {
      #expect(phase.byteCount <= whole, "\(phase) of \(whole): \(about)")
      for part in phase.parts { #expect(part.byteCount >= 0, "\(phase): \(about)") }
    }
  }

  @Test(
    "The parts of a build never exceed the whole, whatever the clusters, source, sketches, threads and memory",
    arguments: clusters, memory)
  func build(clusters: Int, memory: Int) throws {
    var random = SeededGenerator(seed: UInt64(clusters + memory))
    for _ in 0..<200 {
      let demand = Self.demand(clusters: clusters, &random)
      let width = [0, 1, 32, 1024][random.int(0...3)]
      let resources = RunResources(memory: memory, threads: [1, 2, 3, 64, 1024][random.int(0...4)])
      let about = "\(demand), width \(width), \(resources)"
      do {
        let plan = try MemoryPlan(demand, sketchWidth: width, resources: resources)
        #expect(plan.whole == memory)
        check(plan.phases, whole: memory, about)
        // Blocks are never tiny.
        for workers in [plan.scanWorkers, plan.sweepWorkers] {
          #expect((1...resources.threads).contains(workers.count))
          #expect(
            workers.blockByteCount * demand.buffersPerBlock > demand.leastBlockByteCount - demand.buffersPerBlock,
            "\(about)")
        }
        #expect(plan.likelyByteCount(demand, resources) <= memory)
      } catch {
        guard case .notEnoughMemory(let needed, memory, clusters) = error, needed > memory else {
          Issue.record("\(error): \(about)")
          continue
        }
        var enough = resources
        enough.memory = needed
        let plan = try MemoryPlan(demand, sketchWidth: width, resources: enough)
        check(plan.phases, whole: needed, about)
      }
    }
  }

  @Test("The parts of a run that assigns rows never exceed the whole", arguments: clusters, memory)
  func assign(clusters: Int, memory: Int) throws {
    var random = SeededGenerator(seed: UInt64(clusters + memory))
    for _ in 0..<100 {
      let demand = Self.demand(clusters: clusters, &random)
      let mostRows = random.int(1...1 << 19)
      let resources = RunResources(memory: memory, threads: random.int(1...8))
      func plan(_ resources: RunResources) throws(BuildError) -> PlacementMemoryPlan {
        try PlacementMemoryPlan(
          demand, mostRows: mostRows, outputByteCount: 24 * mostRows, resources: resources)
      }
      do {
        check([try plan(resources).phase], whole: memory, "\(demand)")
      } catch {
        guard case .notEnoughMemory(let needed, memory, clusters) = error else {
          Issue.record("\(error)")
          continue
        }
        check([try plan(RunResources(memory: needed, threads: resources.threads)).phase], whole: needed, "\(demand)")
      }
    }
  }

  @Test("What is said to be needed is enough, and the same whatever is given", arguments: [1, 40, 64, 128, 180])
  func needed(mebibytes: Int) throws {
    var demand = MemoryDemand(clusters: 1000, rows: 20_000, rowByteCount: 4000)
    // Chunks of 76 MiB, stored and decoded.
    demand.workspaceByteCount = 2 * 20_000 * 4000
    let error = #expect(throws: BuildError.self) {
      _ = try MemoryPlan(demand, sketchWidth: 32, resources: RunResources(memory: mebibytes << 20, threads: 2))
    }
    guard case .notEnoughMemory(let needed, _, _) = error else { return }
    for more in [0, 1 << 20, 30 << 20, 100 << 20] {
      _ = try MemoryPlan(demand, sketchWidth: 32, resources: RunResources(memory: needed + more, threads: 2))
    }
  }

  @Test("128 MiB are enough for 1000 clusters, and 1 GiB for 200,000")
  func promised() throws {
    for (clusters, memory) in [(1000, 128 << 20), (200_000, 1 << 30)] {
      let demand = MemoryDemand(clusters: clusters, rows: 1 << 30, rowByteCount: 8 * clusters)
      _ = try MemoryPlan(demand, sketchWidth: 32, resources: RunResources(memory: memory, threads: 64))
    }
  }

  @Test("More memory is never less for any part that grows with it")
  func monotonous() throws {
    let demand = MemoryDemand(clusters: 1000, rows: 1 << 30, rowByteCount: 4000)
    let plans = try (64...2048).map {
      try MemoryPlan(demand, sketchWidth: 32, resources: RunResources(memory: $0 << 20, threads: 2))
    }
    for (less, more) in zip(plans, plans.dropFirst()) where less.hasDenseSums == more.hasDenseSums {
      #expect(more.segment >= less.segment && more.foreseen >= less.foreseen && more.bounds >= less.bounds)
      #expect(more.evidence >= less.evidence && more.sweepSums >= less.sweepSums)
    }
  }

  @Test("Trees of other methods say what they need, and do with it", arguments: [2, 100, 1000, 20_000])
  func baselines(clusters: Int) throws {
    let demand = MemoryDemand(clusters: clusters, rows: 1_000_000, rowByteCount: 4 * clusters)
    func needed(_ plan: () throws -> Void) throws -> Int {
      let error = try #require(throws: BuildError.self) { try plan() }
      guard case .notEnoughMemory(let needed, _, clusters) = error else { throw error }
      return needed
    }
    let none = RunResources(memory: 1, threads: 4)
    let distances = try needed { _ = try BaselineMemoryPlan(leaves: clusters, clusters: clusters, resources: none) }
    #expect(distances >= 4 * clusters * (clusters - 1))
    let enough = RunResources(memory: distances, threads: 4)
    let plan = try BaselineMemoryPlan(leaves: clusters, clusters: clusters, resources: enough)
    let sums = try needed { _ = try plan.workers(demand, leaves: clusters, resources: enough) }
    #expect(sums >= 16 * clusters * clusters)
    let more = RunResources(memory: sums, threads: 4)
    let workers = try BaselineMemoryPlan(leaves: clusters, clusters: clusters, resources: more)
      .workers(demand, leaves: clusters, resources: more)
    #expect(workers.count >= 1 && workers.byteCount + 8 * clusters * clusters <= sums)
  }
}
