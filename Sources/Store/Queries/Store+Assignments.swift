import LogitStream

/// Rows that lie next to each other in a data set, with the clusters they were assigned to.
package struct AssignedRows: Sendable {
  /// The number of the first row.
  package let first: Int
  /// For each row its cluster, −1 if it was left out as invalid.
  package let clusters: [Int32]
}

/// How rows of a data set are numbered: through all inputs, in their order.
package enum RowNumbering: Sendable {
  /// The rows that were taken count, all of them or those that were chosen when the store was built.
  case taken
  /// All rows of the inputs that any were taken of count.
  case all
}

extension Store {
  /// Goes through the clusters that rows were assigned to, some rows at a time, in the order that segments hold them.
  ///
  /// Memory does not grow with the rows. Each segment's checksum is checked before its rows are given.
  ///
  /// - Parameter stored: A state of this store.
  /// - Throws: ``StoreError`` if the store is damaged, or was built by a version that kept no assignments without
  ///   sketches; and what `body` throws.
  package func forEachAssignedRows(
    of stored: StoredHierarchy, numbered numbering: RowNumbering, _ body: (AssignedRows) throws -> Void
  ) throws {
    for segment in stored.manifest.segments {
      _ = try directory.checked(segment.file)
      try directory.forEachAssignedRows(of: segment, in: stored.manifest, numbered: numbering, body)
    }
  }
}

extension StoreDirectory {
  /// Goes through the clusters that rows of a segment were assigned to, some rows at a time, in the order that it holds
  /// them. Its file must have been checked.
  func forEachAssignedRows(
    of segment: Manifest.Segment, in manifest: Manifest, numbered numbering: RowNumbering,
    _ body: (AssignedRows) throws -> Void
  ) throws {
    let starts = manifest.sourceStarts(numbering)
    let assignments = try SegmentAssignments(file(segment.file.name), rows: segment.rows, clusters: manifest.clusters)
    var position = 0
    for slice in segment.slices {
      // Added to a position in the segment, this gives the row's number in the data set.
      let shift = starts[slice.input] + slice.rows.lowerBound - position
      try assignments.forEachPart(of: position..<position + slice.rows.count) { first, clusters in
        try body(AssignedRows(first: first + shift, clusters: clusters))
      }
      position += slice.rows.count
    }
  }
}

extension Manifest {
  /// For each source, the number of its array's first row. If only rows that were taken count, it is what that number
  /// would be.
  fileprivate func sourceStarts(_ numbering: RowNumbering) -> [Int] {
    var starts: [Int] = []
    var rows = 0
    for source in sources {
      switch numbering {
      case .all:
        starts.append(rows)
        rows += source.input.arrayRows
      case .taken:
        starts.append(rows - source.input.rowRange.lowerBound)
        rows += source.input.rows
      }
    }
    return starts
  }
}
