/// The workers of a pass: how many, and how much each takes at a time.
package struct WorkerMemory: Sendable, Equatable {
  package let count: Int
  /// The most bytes of rows in a block.
  package let blockByteCount: Int
  /// What all of them take.
  package let byteCount: Int

  /// As many workers as there is room for, up to the threads: large chunks leave room for fewer, each with its own.
  ///
  /// - Parameters:
  ///   - room: What they may take; one worker with the least block must fit.
  ///   - kept: What the number of workers must leave, to be shared out later, but their blocks may not.
  static func count(_ demand: MemoryDemand, _ resources: RunResources, room: Int, keeping kept: Int = 0) -> Int {
    let blockByteCount = max(demand.leastBlockByteCount, min(resources.blockByteCount, room / 8))
    return max(1, min(resources.threads, (room - kept) / (demand.workspaceByteCount + blockByteCount)))
  }

  /// So many workers, each with an equal part of the room.
  init(_ demand: MemoryDemand, count: Int, room: Int) {
    self.count = count
    let buffers = max(demand.leastBlockByteCount, room / count - demand.workspaceByteCount)
    blockByteCount = buffers / demand.buffersPerBlock
    byteCount = count * (buffers + demand.workspaceByteCount)
  }
}
