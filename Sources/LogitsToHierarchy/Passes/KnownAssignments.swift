import LogitStream

/// The clusters that the rows of a pass were assigned to when they were scanned, −1 for rows left out.
struct KnownAssignments: Sendable {
  let clusters: [Int32]

  /// Whether some rows, from `first` on, are still assigned to the same.
  func agree(with found: UnsafeBufferPointer<Int32>, from first: Int) -> Bool {
    found.elementsEqual(clusters[first..<first + found.count])
  }

  /// The rows of a block that are in a target, counted in the input.
  func rows(of block: BlockPlan.Block, in targets: PassTargets) -> [Range<Int>] {
    rows(of: block) { targets.innermost[$0] >= 0 }
  }

  /// The rows of a block that are in a cluster that is wanted, counted in the input.
  func rows(of block: BlockPlan.Block, where isWanted: (_ cluster: Int) -> Bool = { _ in true }) -> [Range<Int>] {
    var wanted: [Range<Int>] = []
    for (index, row) in block.slice.rows.enumerated() {
      let cluster = clusters[block.offset + index]
      guard cluster >= 0, isWanted(Int(cluster)) else { continue }
      if let last = wanted.last, last.upperBound == row {
        wanted[wanted.count - 1] = last.lowerBound..<row + 1
      } else {
        wanted.append(row..<row + 1)
      }
    }
    return wanted
  }
}
