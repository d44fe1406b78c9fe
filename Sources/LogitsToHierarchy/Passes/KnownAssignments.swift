import LogitStream

/// The clusters that the rows of a pass were assigned to when they were scanned, −1 for rows left out.
struct KnownAssignments: Sendable {
  let clusters: [Int32]

  /// Whether some rows, from `first` on, are still assigned to the same.
  func agree(with found: UnsafeBufferPointer<Int32>, from first: Int) -> Bool {
    found.elementsEqual(clusters[first..<first + found.count])
  }

  /// The rows of a block that are in a target, counted in the input, and some between them, where that is faster.
  func rows(of block: BlockPlan.Block, in targets: PassTargets) -> [Range<Int>] {
    rows(of: block, between: targets.rowsAtATime - 1) { targets.innermost[$0] >= 0 }
  }

  /// The rows of a block that are in a cluster that is wanted, counted in the input.
  ///
  /// - Parameter most: The most others in a row that are taken too, between two that are wanted; none that was left out.
  func rows(
    of block: BlockPlan.Block, between most: Int = 0, where isWanted: (_ cluster: Int) -> Bool = { _ in true }
  ) -> [Range<Int>] {
    var wanted: [Range<Int>] = []
    // Up to where the last range could go on.
    var reach = -1
    for (index, row) in block.slice.rows.enumerated() {
      let cluster = clusters[block.offset + index]
      guard cluster >= 0 else {
        reach = -1
        continue
      }
      guard isWanted(Int(cluster)) else { continue }
      if row <= reach {
        wanted[wanted.count - 1] = wanted[wanted.count - 1].lowerBound..<row + 1
      } else {
        wanted.append(row..<row + 1)
      }
      reach = row + 1 + most
    }
    return wanted
  }
}
