import Hierarchy
import LogitStream

/// Who gets what of the memory that the tree of another method may take. What grows with the square of the clusters is
/// checked before anything is read.
package struct BaselineMemoryPlan: Sendable, Equatable {
  /// What the run may take.
  package let whole: Int
  private let fixed: Int
  private let distances: Int

  /// What distances between `leaves` of so many clusters take.
  ///
  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  package init(leaves: Int, clusters: Int, resources: RunResources) throws(BuildError) {
    whole = resources.memory
    fixed = ProgramMemory.byteCount + ProgramMemory.byteCount(clusters: clusters)
    distances = CondensedDistances.byteCount(points: leaves)
    guard fixed + distances <= whole else {
      throw .notEnoughMemory(needed: fixed + distances, given: whole, clusters: clusters)
    }
  }

  /// The workers of a pass that adds up logits of `leaves` for each of them, and then has their means beside the sums, and
  /// beside the distances.
  ///
  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  package func workers(
    _ demand: MemoryDemand, leaves: Int, resources: RunResources
  ) throws(BuildError) -> WorkerMemory {
    var demand = demand
    demand.workspaceByteCount += LogitSumWorker.byteCount(clusters: demand.clusters)
    let sums = LogitSums.byteCount(leaves: leaves)
    let least = demand.leastBlockByteCount + demand.workspaceByteCount
    let needed = fixed + max(sums + least, 2 * sums, sums + distances)
    guard needed <= whole else { throw .notEnoughMemory(needed: needed, given: whole, clusters: demand.clusters) }
    let room = whole - fixed - sums
    return WorkerMemory(demand, count: WorkerMemory.count(demand, resources, room: room), room: room)
  }
}
