import LogitStream

/// What reading a source takes in memory, whatever is done with its rows: the most of any of its inputs.
package struct MemoryDemand: Sendable, Equatable {
  /// K.
  package var clusters: Int
  /// N.
  package var rows: Int
  /// How many times the bytes of a block a worker needs for it.
  package var buffersPerBlock = 1
  /// The bytes of a row in all these buffers.
  package var rowByteCount: Int
  /// What a worker needs beside a block, to decode it for instance.
  package var workspaceByteCount = 0

  package init(clusters: Int, rows: Int, rowByteCount: Int) {
    self.clusters = clusters
    self.rows = rows
    self.rowByteCount = rowByteCount
  }

  package init(_ source: LogitSource) {
    buffersPerBlock = source.inputs.map(\.buffersPerBlock).max() ?? 1
    rowByteCount = buffersPerBlock * (source.inputs.map(\.rowByteCount).max() ?? 0)
    workspaceByteCount = source.inputs.map(\.workspaceByteCount).max() ?? 0
    clusters = source.clusters
    rows = source.rows
  }
}

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
  ///   - room: What they may take; one worker with a block of one row must fit.
  ///   - kept: What the number of workers must leave, to be shared out later, but their blocks may not.
  static func count(_ demand: MemoryDemand, _ resources: RunResources, room: Int, keeping kept: Int = 0) -> Int {
    let blockByteCount = max(demand.rowByteCount, min(resources.blockByteCount, room / 8))
    return max(1, min(resources.threads, (room - kept) / (demand.workspaceByteCount + blockByteCount)))
  }

  /// So many workers, each with an equal part of the room.
  init(_ demand: MemoryDemand, count: Int, room: Int) {
    self.count = count
    let buffers = max(demand.rowByteCount, room / count - demand.workspaceByteCount)
    blockByteCount = buffers / demand.buffersPerBlock
    byteCount = count * (buffers + demand.workspaceByteCount)
  }
}
