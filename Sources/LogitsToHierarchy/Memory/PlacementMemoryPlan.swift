import LogitStream

/// Who gets what of the memory that assigning rows may take.
package struct PlacementMemoryPlan: Sendable, Equatable {
  /// What the run may take.
  package let whole: Int
  private let tables: Int
  private let placements: Int
  private let output: Int
  package let workers: WorkerMemory

  /// - Parameters:
  ///   - mostRows: The most rows to place at a time.
  ///   - outputByteCount: What whoever takes the results needs.
  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  package init(
    _ demand: MemoryDemand, mostRows: Int, outputByteCount: Int, resources: RunResources
  ) throws(BuildError) {
    whole = resources.memory
    tables = PlacementTables.byteCount(clusters: demand.clusters)
    placements = PlacedRows.byteCount(mostRows)
    output = outputByteCount
    var demand = demand
    demand.workspaceByteCount += ProcessorKernel.best.placementScratchByteCount(clusters: demand.clusters)
    let fixed = ProgramMemory.byteCount + tables + placements + output
    let least = demand.leastBlockByteCount + demand.workspaceByteCount
    let room = whole - fixed
    guard room >= least else {
      throw .notEnoughMemory(needed: fixed + least, given: whole, clusters: demand.clusters)
    }
    workers = WorkerMemory(demand, count: WorkerMemory.count(demand, resources, room: room), room: room)
  }

  /// What is held while rows are placed.
  package var phase: MemoryPhase {
    MemoryPhase(
      "assign",
      [
        "program": ProgramMemory.byteCount, "tables": tables, "placements": placements, "output": output,
        "blocks": workers.byteCount,
      ])
  }
}
