import KernelInterface
import Synchronization

/// Rows that bounds are taken of, and what the kernel says of each.
final class BoundsBuffer: Sendable {
  let rows: SketchRows
  let reassigned: FixedBuffer<Int32>
  let lower: FixedBuffer<UInt64>
  let upper: FixedBuffer<UInt64>

  /// What buffers for so many rows take.
  static func byteCount(_ format: SketchFormat, rows: Int) -> Int { rows * (format.rowByteCount + 4 + 2 * 8) }

  init(_ format: SketchFormat, capacity: Int) {
    rows = SketchRows(format, capacity: capacity)
    reassigned = FixedBuffer(repeating: 0, count: capacity)
    lower = FixedBuffer(repeating: 0, count: capacity)
    upper = FixedBuffer(repeating: 0, count: capacity)
  }
}

/// For each cluster, whether it is in a group, for the kernel to read.
final class MemberFlags: @unchecked Sendable {
  // Safe to share: whoever took it from the spare ones writes it, before and after all others read.

  let flags: FixedBuffer<UInt8>
  private(set) var count = 0

  init(clusters: Int) { flags = FixedBuffer(repeating: 0, count: clusters) }

  func insert(_ group: Group) {
    for cluster in group.clusters { flags.start[cluster] = 1 }
    count += group.clusters.count
  }

  func remove(_ group: Group) {
    for cluster in group.clusters { flags.start[cluster] = 0 }
    count -= group.clusters.count
  }
}

/// Sums of intervals for one group. Most of them are zero, so those that are not are kept count of.
final class BoundSums: @unchecked Sendable {
  // Safe to share: it is used by the one thread that took it from the spare ones, or under a lock.

  private struct Sums {
    var lower: WideSums
    var upper: WideSums
    var touched: [Int] = []
    var unresolved = 0

    mutating func touch(_ cluster: Int) {
      if upper.isZero(cluster) { touched.append(cluster) }
    }

    /// Adds what the kernel says of rows: an upper bound is never 0.
    mutating func add(_ buffer: BoundsBuffer, count: Int) {
      for row in 0..<count {
        let reassigned = buffer.reassigned.start[row]
        if reassigned >= 0 {
          let cluster = Int(reassigned)
          touch(cluster)
          lower.add(buffer.lower.start[row], at: cluster)
          upper.add(buffer.upper.start[row], at: cluster)
        } else if reassigned == SketchBatch.unresolved {
          unresolved += 1
        }
      }
    }
  }

  /// What sums over so many clusters take, with the list of those that are not zero.
  static func byteCount(clusters: Int) -> Int { 3 * 8 * clusters }

  /// In one value, so that exclusive access to it is checked once for many rows.
  private var sums: Sums

  init(clusters: Int) {
    let zero = WideSums(count: clusters)
    sums = Sums(lower: zero, upper: zero)
  }

  func add(_ buffer: BoundsBuffer, count: Int) { sums.add(buffer, count: count) }

  func add(_ other: BoundSums) {
    for cluster in other.sums.touched {
      sums.touch(cluster)
      sums.lower.add(wide: other.sums.lower[cluster], at: cluster)
      sums.upper.add(wide: other.sums.upper[cluster], at: cluster)
    }
    sums.unresolved += other.sums.unresolved
  }

  func bounds() -> ReassignedBounds {
    sums.touched.sort()
    return ReassignedBounds(
      clusters: sums.touched, lower: sums.touched.map { sums.lower[$0] }, upper: sums.touched.map { sums.upper[$0] },
      unresolved: sums.unresolved)
  }

  /// Sets all to zero. O(the sums that are not).
  func reset() {
    for cluster in sums.touched {
      sums.lower.clear(cluster)
      sums.upper.clear(cluster)
    }
    sums.touched.removeAll(keepingCapacity: true)
    sums.unresolved = 0
  }
}

/// What bounds are computed in that is not in use at the moment: fresh memory for every group would cost more than the
/// reading, and so would zeros for every cluster where there are many.
final class SpareBounds: Sendable {
  private struct Spare {
    var buffers: [BoundsBuffer] = []
    var sums: [BoundSums] = []
    var members: [MemberFlags] = []
  }

  private let spare = Mutex(Spare())

  func buffer(_ format: SketchFormat, capacity: Int) -> BoundsBuffer {
    let found = spare.withLock { spare in
      spare.buffers.firstIndex { $0.rows.format == format }.map { spare.buffers.remove(at: $0) }
    }
    return found ?? BoundsBuffer(format, capacity: capacity)
  }

  func put(_ buffer: BoundsBuffer) { spare.withLock { $0.buffers.append(buffer) } }

  /// Sums that are all zero.
  func sums(clusters: Int) -> BoundSums { spare.withLock { $0.sums.popLast() } ?? BoundSums(clusters: clusters) }

  func put(_ sums: BoundSums) {
    sums.reset()
    spare.withLock { $0.sums.append(sums) }
  }

  /// Flags of which none is set.
  func members(clusters: Int) -> MemberFlags {
    spare.withLock { $0.members.popLast() } ?? MemberFlags(clusters: clusters)
  }

  func put(_ members: MemberFlags) { spare.withLock { $0.members.append(members) } }
}
