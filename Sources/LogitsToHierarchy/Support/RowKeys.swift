/// What the weights of rows depend on: rows with the same key have the same weight in each replicate.
package protocol RowKeys: Sendable {
  /// Gives the keys of some rows of a cluster in a segment, which were read to `sketches` from `position` on.
  func write(
    _ rows: Range<Int>, of cluster: Int, segment: Int, _ sketches: SketchRows, at position: Int,
    to keys: UnsafeMutablePointer<UInt64>)
}

/// Each row by itself: its key is a hash of its sketch, so that equal rows have equal weights.
///
/// The sketch's logits, its clusters and its rest, each as bytes and filled up with zeros to whole words of 64 bits, are
/// taken in one after another.
package struct ContentKeys: RowKeys {
  package init() {}

  package func write(
    _ rows: Range<Int>, of cluster: Int, segment: Int, _ sketches: SketchRows, at position: Int,
    to keys: UnsafeMutablePointer<UInt64>
  ) {
    let format = sketches.format
    let valueBytes = format.width * format.valueByteCount
    let indexBytes = format.width * format.indexByteCount
    guard let values = sketches.values.baseAddress, let indices = sketches.indices.baseAddress else { return }
    for index in 0..<rows.count {
      let row = position &+ index
      var key = Self.hash(0, values + row &* valueBytes, valueBytes)
      key = Self.hash(key, indices + row &* indexBytes, indexBytes)
      keys[index] = PoissonWeights.hash(key, UInt64(sketches.rests[row].bitPattern))
    }
  }

  @inline(__always)
  private static func hash(_ start: UInt64, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> UInt64 {
    var hash = start
    var offset = 0
    while offset &+ 8 <= count {
      hash = PoissonWeights.hash(hash, UInt64(littleEndian: (bytes + offset).loadUnaligned(as: UInt64.self)))
      offset &+= 8
    }
    guard offset < count else { return hash }
    var word: UInt64 = 0
    var shift: UInt64 = 0
    while offset < count {
      word |= UInt64((bytes + offset).load(as: UInt8.self)) &<< shift
      shift &+= 8
      offset &+= 1
    }
    return PoissonWeights.hash(hash, word)
  }
}

/// Rows of one block together: their keys are the block's.
package struct BlockKeys: RowKeys {
  /// Of each segment, the keys of its rows in the order of its sketches.
  private let keys: [[UInt64]]
  /// Of each segment, the first row of each cluster.
  private let starts: [[Int]]

  /// - Parameters:
  ///   - blocks: Of each segment, the block of each of its rows in the order of sketches: by cluster, and by row within.
  ///   - counts: Of each segment, the number of rows of each cluster.
  package init(blocks: [[UInt64]], counts: [[Int]]) {
    keys = blocks.map { $0.map { PoissonWeights.hash(PoissonWeights.hash(0, $0), 0) } }
    starts = counts.map { counts in
      var next = 0
      return counts.map { count in
        defer { next += count }
        return next
      }
    }
    precondition(zip(blocks, counts).allSatisfy { $0.count == $1.reduce(0, +) }, "a block for each row")
  }

  package func write(
    _ rows: Range<Int>, of cluster: Int, segment: Int, _ sketches: SketchRows, at position: Int,
    to keys: UnsafeMutablePointer<UInt64>
  ) {
    let start = starts[segment][cluster]
    for (index, row) in rows.enumerated() { keys[index] = self.keys[segment][start + row] }
  }
}
