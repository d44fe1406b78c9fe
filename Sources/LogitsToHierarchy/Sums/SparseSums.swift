/// Sums that do not overflow, of which few are not zero: a hash table by open addressing.
///
/// Integers are added, so that what comes out depends on no order, neither that of adding nor that in the table.
package struct SparseSums: Sendable {
  /// Keys plus one, 0 where there is none; as many as a power of two.
  private var keys: [UInt64]
  /// The low 64 bits of each key's sum.
  private var low: [UInt64]
  /// What goes beyond, in multiples of 2^64; mostly nothing.
  private var carries: [Int: UInt64] = [:]
  /// The number of sums that are not zero.
  package private(set) var count = 0

  private static let leastCapacity = 1024

  package init() {
    keys = Array(repeating: 0, count: Self.leastCapacity)
    low = keys
  }

  /// The bytes that a sum takes at most: the table doubles when it is half full, and has the old one beside it then.
  static let mostBytesPerSum = 16 * 4 + 16 * 2

  /// Adds to the sum of `key`, which is not negative.
  package mutating func add(_ amount: UInt64, at key: Int) {
    guard amount > 0 else { return }
    var position = position(of: key)
    if keys[position] == 0 {
      if 2 * (count + 1) > keys.count {
        grow()
        position = self.position(of: key)
      }
      keys[position] = UInt64(key) + 1
      count += 1
    }
    let (sum, overflow) = low[position].addingReportingOverflow(amount)
    low[position] = sum
    if overflow { carries[key, default: 0] += 1 }
  }

  /// Where a key is, or would be.
  private func position(of key: Int) -> Int {
    let mask = keys.count - 1
    let wanted = UInt64(key) + 1
    // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): neighbouring keys are spread.
    let hash = UInt64(key) &* 0x9E37_79B9_7F4A_7C15
    var position = Int(truncatingIfNeeded: hash >> 20) & mask
    while keys[position] != 0 && keys[position] != wanted { position = (position + 1) & mask }
    return position
  }

  private mutating func grow() {
    let (oldKeys, oldSums) = (keys, low)
    keys = Array(repeating: 0, count: 2 * oldKeys.count)
    low = keys
    for (key, sum) in zip(oldKeys, oldSums) where key > 0 {
      let position = position(of: Int(key - 1))
      keys[position] = key
      low[position] = sum
    }
  }

  /// Sets all sums to zero.
  package mutating func reset() {
    keys.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    low.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    carries.removeAll()
    count = 0
  }

  /// The sum of a key.
  package subscript(key: Int) -> UInt128 { sum(of: key, at: position(of: key)) }

  /// The sums that are not zero, by ascending key.
  package func sorted() -> [(key: Int, sum: UInt128)] {
    var found: [(key: Int, sum: UInt128)] = []
    found.reserveCapacity(count)
    for (position, key) in keys.enumerated() where key > 0 {
      found.append((Int(key - 1), sum(of: Int(key - 1), at: position)))
    }
    return found.sorted { $0.key < $1.key }
  }

  private func sum(of key: Int, at position: Int) -> UInt128 {
    let high = carries.isEmpty ? 0 : carries[key, default: 0]
    return UInt128(high) << 64 | UInt128(low[position])
  }
}
