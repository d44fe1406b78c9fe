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

  /// The fewest bytes of rows that a worker reads at a time. Where a chunk is larger than a block may be, it is decoded anew
  /// for each block: these must not be tiny.
  package var leastBlockByteCount: Int { max(rowByteCount, 256 << 10, workspaceByteCount / 8) }

  /// Whether rows come once, so that nobody knows how many there will be.
  package var isStream = false
  /// Whether some of them are kept in memory, so that they need not be read again.
  package var keepsRows = false
  /// The bytes of all rows; of a stream nobody knows.
  package var byteCount = 0

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
    isStream = source.stream != nil
    // Of the largest logits of a row nothing is left out of its sketch.
    keepsRows = source.inputs.allSatisfy { $0.topK == nil }
    byteCount = source.byteCount
  }
}
