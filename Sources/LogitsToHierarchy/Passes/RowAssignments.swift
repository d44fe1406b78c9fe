/// The cluster of each row of a segment, as a scan finds it: in the order of rows.
package final class RowAssignments: @unchecked Sendable {
  // Safe to share: workers write disjoint rows, and nobody reads before they are done.

  private let memory: PageBuffer
  /// The cluster each row is assigned to; −1 for rows left out.
  package private(set) var clusters: UnsafeMutableBufferPointer<Int32>

  init(capacity: Int) {
    memory = PageBuffer(byteCount: capacity * Self.rowByteCount)
    clusters = memory.bytes.bindMemory(to: Int32.self)
    clusters.initialize(repeating: -1)
  }

  /// The bytes that a row takes.
  static let rowByteCount = 4

  /// The bytes that a row takes in a segment's file: as many values as there are clusters, and one more for rows left out.
  package static func storedByteCount(clusters: Int) -> Int {
    clusters <= UInt8.max ? 1 : clusters <= UInt16.max ? 2 : 4
  }

  /// The number of rows there is room for.
  var capacity: Int { memory.bytes.count / Self.rowByteCount }

  /// Makes ready for `count` other rows, at most as many as there is room for.
  func reset(count: Int) {
    clusters = UnsafeMutableBufferPointer(rebasing: memory.bytes.bindMemory(to: Int32.self)[..<count])
    clusters.update(repeating: -1)
  }

  /// Drops all rows but the first.
  func truncate(to count: Int) { clusters = UnsafeMutableBufferPointer(rebasing: clusters[..<count]) }

  /// Notes the clusters of rows from `first` on.
  func assign(_ found: UnsafeBufferPointer<Int32>, from first: Int) {
    precondition(first >= 0 && first + found.count <= clusters.count)
    for (index, cluster) in found.enumerated() { clusters[first + index] = cluster }
  }

  /// The rows in the order of their clusters, and of rows within a cluster; `starts[c]..<starts[c + 1]` are those of
  /// cluster c, of `count` clusters.
  package func sorted(clusters count: Int) -> (order: [UInt32], starts: [Int]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for cluster in clusters where cluster >= 0 { starts[Int(cluster) + 1] += 1 }
    for cluster in 0..<count { starts[cluster + 1] += starts[cluster] }
    var next = starts
    var order = [UInt32](repeating: 0, count: starts[count])
    for (row, cluster) in clusters.enumerated() where cluster >= 0 {
      order[next[Int(cluster)]] = UInt32(row)
      next[Int(cluster)] += 1
    }
    return (order, starts)
  }
}
