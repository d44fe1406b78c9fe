import LogitStream

/// The clusters that the rows of a pass were assigned to when they were scanned, −1 for rows left out.
struct KnownAssignments: Sendable {
  let clusters: [Int32]

  /// Whether some rows, from `first` on, are still assigned to the same.
  func agree(with found: UnsafeBufferPointer<Int32>, from first: Int) -> Bool {
    found.elementsEqual(clusters[first..<first + found.count])
  }

  /// The rows of a block that are in a target, counted in the input.
  ///
  /// - Parameter most: The most others in a row that are taken too, between two that are wanted: for a worker that leaves them out.
  func rows(of block: BlockPlan.Block, in targets: PassTargets, between most: Int = 0) -> [Range<Int>] {
    targets.innermost.withUnsafeBufferPointer { innermost in
      rows(of: block, between: most) { innermost[$0] >= 0 }
    }
  }

  /// The rows of a block that are in a cluster that is wanted, counted in the input.
  ///
  /// - Parameter most: The most others in a row that are taken too, between two that are wanted; none that was left out.
  @inline(__always)
  func rows(
    of block: BlockPlan.Block, between most: Int = 0, where isWanted: (_ cluster: Int) -> Bool = { _ in true }
  ) -> [Range<Int>] {
    clusters[block.offset..<block.offset + block.slice.rows.count].withUnsafeBufferPointer { clusters in
      var wanted: [Range<Int>] = []
      var current = 0..<0
      // Up to where the current range could go on.
      var reach = -1
      for (index, cluster) in clusters.enumerated() {
        guard cluster >= 0 else {
          reach = -1
          continue
        }
        guard isWanted(Int(cluster)) else { continue }
        if index > reach {
          if !current.isEmpty { wanted.append(current) }
          current = index..<index
        }
        current = current.lowerBound..<index + 1
        reach = index + 1 + most
      }
      if !current.isEmpty { wanted.append(current) }
      let first = block.slice.rows.lowerBound
      return wanted.map { $0.lowerBound + first..<$0.upperBound + first }
    }
  }
}
