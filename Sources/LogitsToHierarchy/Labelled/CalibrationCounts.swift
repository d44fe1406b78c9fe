import Algorithms

/// How many labelled rows are wrong at each confidence of ``ConfidenceGrid``, of those that the choice is made on and of
/// others.
package struct CalibrationCounts: Sendable, Equatable {
  /// Some rows, or blocks of rows.
  package struct Side: Sendable, Equatable {
    /// At position c, the rows that are wrong at exactly the c smallest confidences; last those whose label is not in the tree.
    private(set) var rows: [Int]
    /// The number of blocks; nil if each row counts alone.
    package private(set) var blocks: Int?
    /// The same of blocks: each counts as one, and each of its rows as an equal part of that, in multiples of 2⁻⁴⁰.
    private(set) var parts: [UInt128] = []

    init(confidences: Int, hasBlocks: Bool = false) {
      rows = Array(repeating: 0, count: confidences + 2)
      guard hasBlocks else { return }
      blocks = 0
      parts = Array(repeating: 0, count: confidences + 2)
    }

    package mutating func add(row wrong: Int) { rows[wrong] += 1 }

    /// Adds rows of a block.
    mutating func add(block: [Int32]) {
      blocks = (blocks ?? 0) + 1
      // Rounded up, so that nothing wrong is lost.
      let part = UInt128((FixedPoint.one - 1) / UInt64(block.count) + 1)
      for wrong in block {
        rows[Int(wrong)] += 1
        parts[Int(wrong)] += part
      }
    }

    /// Rows whose label is not in the tree, and which are wrong wherever they are.
    var strange: Int { rows.last ?? 0 }

    /// The number of rows.
    var count: Int { rows.reduce(0, +) }

    /// The rows that are wrong at the confidence with an index.
    func wrong(at index: Int) -> Int { rows[(index + 1)...].reduce(0, +) }

    /// The part that is wrong there: of rows, or on average over blocks; nil if there are none.
    func loss(at index: Int) -> Double? {
      if let blocks {
        return blocks > 0 ? min(1, FixedPoint.double(parts[(index + 1)...].reduce(0, +)) / Double(blocks)) : nil
      }
      return count > 0 ? Double(wrong(at: index)) / Double(count) : nil
    }
  }

  package var chosen: Side
  package var others: Side

  package init(confidences: Int) {
    chosen = Side(confidences: confidences)
    others = chosen
  }

  /// Counts blocks.
  ///
  /// - Parameters:
  ///   - wrong: For each row at how many confidences it is wrong; −1 if it has no label.
  ///   - blocks: For each row, its block.
  package init(_ wrong: UnsafeBufferPointer<Int32>, _ blocks: [Int64], _ split: RowSplit, confidences: Int) {
    chosen = Side(confidences: confidences, hasBlocks: true)
    others = chosen
    let order = wrong.indices.filter { wrong[$0] >= 0 }.sorted { (blocks[$0], $0) < (blocks[$1], $1) }
    for rows in order.chunked(on: { blocks[$0] }) {
      let losses = rows.1.map { wrong[$0] }
      if split.chooses(Int(rows.0)) { chosen.add(block: losses) } else { others.add(block: losses) }
    }
  }
}
