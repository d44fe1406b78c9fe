import LogitsToHierarchy

/// Some rows with the clusters of their largest logits.
package struct RankedRows {
  /// The number that was given for each row.
  package let numbers: ArraySlice<Int32>
  /// For each row its clusters, the one with the largest logit first, of equals the one with the smaller number.
  private let clusters: [Int32]
  private let most: Int

  fileprivate init(numbers: ArraySlice<Int32>, _ sketches: SketchRows, most: Int) {
    self.numbers = numbers
    self.most = most
    let width = sketches.format.width
    func first<Index: FixedWidthInteger>(_ indices: UnsafeMutablePointer<Index>) -> [Int32] {
      [Int32](unsafeUninitializedCapacity: numbers.count * most) { first, count in
        count = numbers.count * most
        for row in numbers.indices {
          let row = row - numbers.startIndex
          for rank in 0..<most { first[row * most + rank] = Int32(truncatingIfNeeded: indices[row * width + rank]) }
        }
      }
    }
    guard let start = sketches.indices.baseAddress else { preconditionFailure("sketches are in memory") }
    clusters =
      sketches.format.hasWideIndices
      ? first(start.assumingMemoryBound(to: UInt32.self)) : first(start.assumingMemoryBound(to: UInt16.self))
  }

  /// The clusters of a row, counted from 0.
  package func clusters(of row: Int) -> ArraySlice<Int32> { clusters[row * most..<(row + 1) * most] }
}

extension Store {
  /// The logits that sketches keep of each row; 0 if there are no sketches.
  package func rankedClusters(of stored: StoredHierarchy) -> Int {
    min(stored.manifest.options.sketchWidth, stored.manifest.clusters)
  }

  /// Goes through the clusters of rows' largest logits, some rows at a time, as sketches have them. Rows come in no order, and
  /// rows that were left out don't come.
  ///
  /// - Parameters:
  ///   - stored: A state of this store, whose files were checked before.
  ///   - most: How many clusters to give of each row: no more than ``rankedClusters(of:)``.
  ///   - numbers: Gives something to know rows by, for rows that lie next to each other.
  /// - Throws: ``StoreError`` if the store is damaged; and what `numbers` and `body` throw.
  /// - Complexity: Memory for four bytes for each row of a segment.
  package func forEachRankedRows(
    of stored: StoredHierarchy, numbered numbering: RowNumbering, most: Int,
    _ numbers: (_ rows: Range<Int>) throws -> [Int32], _ body: (RankedRows) throws -> Void
  ) throws {
    let manifest = stored.manifest
    for segment in manifest.segments {
      let path = directory.file(segment.file.name)
      let reader = try SegmentReader(path, clusters: manifest.clusters)
      guard let sketches = reader.sketches, sketches.format.width >= most else {
        throw StoreError.damaged(path, reason: "it has no sketches, as the others have")
      }
      let sorted = try sorted(numbers, segment, of: manifest, numbering, counts: reader.statistics.counts)
      let buffer = SketchRows(sketches.format, capacity: min(Self.rankedRows, max(1, sorted.count)))
      for first in stride(from: 0, to: sorted.count, by: buffer.capacity) {
        let rows = first..<min(first + buffer.capacity, sorted.count)
        try sketches.read(rows, into: buffer, at: 0)
        try body(RankedRows(numbers: sorted[rows], buffer, most: most))
      }
    }
  }

  /// Rows read at a time.
  private static let rankedRows = 8192

  /// The numbers of a segment's rows in the order of its sketches: that of clusters, and of rows within a cluster.
  private func sorted(
    _ numbers: (Range<Int>) throws -> [Int32], _ segment: Manifest.Segment, of manifest: Manifest,
    _ numbering: RowNumbering, counts: [Int]
  ) throws -> [Int32] {
    var next = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let ends = Array(next.dropFirst())
    var sorted = [Int32](repeating: 0, count: ends.last ?? 0)
    try directory.forEachAssignedRows(of: segment, in: manifest, numbered: numbering) { rows in
      let given = try numbers(rows.first..<rows.first + rows.clusters.count)
      for (cluster, number) in zip(rows.clusters, given) where cluster >= 0 {
        let position = next[Int(cluster)]
        guard position < ends[Int(cluster)] else {
          throw StoreError.damaged(
            directory.file(segment.file.name), reason: "its assignments are not those of its sketches")
        }
        sorted[position] = number
        next[Int(cluster)] += 1
      }
    }
    return sorted
  }
}
