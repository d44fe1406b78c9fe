/// A row's largest logits and the mass of the rest, for rows the kernel has loaded and masked.
///
/// Kept are the `width` largest values as they were read, in order: value descending, then index ascending. The rest is
/// one number relative to the smallest value kept, β: Σ exp(ℓ_c − β) over the clusters not kept.
struct RowSketch<Scale: LogitScale>: ~Copyable {
  typealias Value = Scale.Value

  let width: Int
  let values: UnsafeMutablePointer<Value>
  let clusters: UnsafeMutablePointer<UInt32>
  private(set) var rest: Float = 0
  private var count = 0
  private let candidates: UnsafeMutablePointer<Value>
  private let candidateClusters: UnsafeMutablePointer<UInt32>
  private let equals: UnsafeMutablePointer<UInt32>
  private static var mostRanked: Int { 128 }

  init(width: Int, clusters count: Int) {
    self.width = width
    let capacity = (count + 15) / 16 * 16 + 16
    candidates = UnsafeMutableRawPointer.allocate(byteCount: capacity * MemoryLayout<Value>.stride, alignment: 128)
      .bindMemory(to: Value.self, capacity: capacity)
    candidates.initialize(repeating: Scale.excluded, count: capacity)
    candidateClusters = .allocate(capacity: capacity)
    candidateClusters.initialize(repeating: 0, count: capacity)
    equals = .allocate(capacity: width)
    equals.initialize(repeating: 0, count: width)
    // Padded, so that vectors can be loaded from any place.
    values = .allocate(capacity: width + 17)
    values.initialize(repeating: Scale.excluded, count: width + 17)
    clusters = .allocate(capacity: width)
    clusters.initialize(repeating: 0, count: width)
  }

  deinit {
    values.deallocate()
    clusters.deallocate()
    candidates.deallocate()
    candidateClusters.deallocate()
    equals.deallocate()
  }

  /// Takes the sketch of the row in `kernel`, in which nothing may be masked; afterwards, something may be.
  ///
  /// - Parameter outside: The second largest value, if it is not excluded, and Σ exp(ℓ_c − ℓ_second) over all clusters
  ///   but the first, which spares a second look at the rest in most rows.
  mutating func take(from kernel: borrowing RowKernel<Scale>, outside: (second: Value, sum: Double)?) {
    selectLargest(of: kernel)
    rest = 0
    guard let outside, width < kernel.clusters, values[width &- 1] > Scale.excluded else { return }
    rest = Float(massOfRest(kernel, second: outside.second, sum: outside.sum))
  }

  /// Gathers the values that reach the kernel's threshold, in order of their clusters, and ranks them.
  private mutating func selectLargest(of kernel: borrowing RowKernel<Scale>) {
    let threshold = kernel.threshold(reachedBy: width)
    var found = 0
    for index in 0..<kernel.vectors {
      var lanes = Value.lanes(of: kernel.values16(index), atLeast: threshold)
      while lanes != 0 {
        let cluster = index &* 16 &+ lanes.trailingZeroBitCount
        lanes &= lanes &- 1
        candidates[found] = kernel.value(at: cluster)
        candidateClusters[found] = UInt32(truncatingIfNeeded: cluster)
        found &+= 1
      }
    }
    // The last vector may have padding in it, which must not pass for −∞ in the row.
    while candidateClusters[found &- 1] >= kernel.clusters { found &-= 1 }
    if found <= Self.mostRanked { rank(found) } else { insertAll(found) }
  }

  /// Puts each candidate where as many are larger as stand before it; of equal ones, the one found first comes first.
  private mutating func rank(_ found: Int) {
    let vectors = (found &+ 15) / 16
    UnsafeMutableRawPointer(candidates + found).storeBytes(
      of: SIMD16(repeating: Scale.excluded), as: SIMD16<Value>.self)
    let all = UnsafeRawPointer(candidates).assumingMemoryBound(to: SIMD16<Value>.self)
    equals.update(repeating: 0, count: width)
    for index in 0..<found {
      let value = candidates[index]
      let larger = Value.count(all, vectors, above: value)
      guard larger < width else { continue }
      let place = larger &+ Int(equals[larger])
      equals[larger] &+= 1
      guard place < width else { continue }
      values[place] = value
      clusters[place] = candidateClusters[index]
    }
  }

  /// Inserts candidates one by one: slower for a few, but rows with many equal values have a lot of them.
  private mutating func insertAll(_ found: Int) {
    count = 0
    for index in 0..<found where count < width || candidates[index] > values[width &- 1] {
      insert(candidates[index], candidateClusters[index])
    }
  }

  /// Puts a value behind those that are not smaller; of `width` already kept, the last one goes.
  @inline(__always)
  private mutating func insert(_ value: Value, _ cluster: UInt32) {
    var place = count
    if count == width { place &-= 1 } else { count &+= 1 }
    while place > 0, values[place &- 1] < value {
      values[place] = values[place &- 1]
      clusters[place] = clusters[place &- 1]
      place &-= 1
    }
    values[place] = value
    clusters[place] = cluster
  }

  /// Σ exp(ℓ_c − β) over the clusters not kept.
  ///
  /// Σ exp(ℓ_c − ℓ_second) over all but the first is known. Of its terms, those of the kept clusters can be taken away
  /// without loss, since they are the same numbers to the bit. What remains is trusted unless it is so little that the
  /// rounding of the sum could show; then it is added up afresh, relative to β.
  private func massOfRest(_ kernel: borrowing RowKernel<Scale>, second: Value, sum: Double) -> Double {
    let smallest = values[width &- 1]
    var keptTerms = SIMD8<Double>(repeating: 0)
    var index = 0
    while index < width {
      // From the second on; what lies beyond the kept is excluded.
      let vector = UnsafeRawPointer(values + (index &+ 1)).loadUnaligned(as: SIMD16<Value>.self)
      let terms = kernel.scale.terms(vector, relativeTo: second)
      keptTerms += SIMD8<Double>(terms.lowHalf)
      keptTerms += SIMD8<Double>(terms.highHalf)
      index &+= 16
    }
    let kept = keptTerms.sum()
    let smallestTerm = kernel.term(smallest, relativeTo: second)
    let left = sum - kept
    if width >= 2, left >= 1e-6 * sum { return left / smallestTerm }
    for index in 0..<width { kernel.mask(Int(clusters[index])) }
    return kernel.sumOfTerms(relativeTo: smallest)
  }
}
