/// A row's largest logits, and the mass of the rest, of a row that the kernel has loaded.
///
/// The sketch keeps the `width` largest values as they were read. They are in order: larger values first, then smaller
/// indices first. The rest is one number, Σ exp(ℓ_c − β) over the clusters that are not kept, where β is the smallest
/// value that is kept.
struct RowSketch<Scale: LogitScale>: ~Copyable {
  typealias Value = Scale.Value

  let width: Int
  let values: UnsafeMutablePointer<Value>
  let clusters: UnsafeMutablePointer<UInt32>
  private(set) var rest: Float = 0
  private let scratch: Scratch
  private let candidates: UnsafeMutablePointer<Value>
  private let candidateClusters: UnsafeMutablePointer<UInt32>
  /// For each candidate, how many candidates are larger.
  private let larger: UnsafeMutablePointer<UInt32>
  private let equals: UnsafeMutablePointer<UInt32>
  private static var mostRanked: Int { 128 }
  /// Room beyond the end: clusters are listed four at a time, and vectors of sixteen may begin anywhere.
  private static var slack: Int { 20 }

  static func scratchByteCount(width: Int, clusters: Int) -> Int {
    Scratch.byteCount(Value.self, positions(width)) &+ Scratch.byteCount(UInt32.self, positions(width))
      &+ Scratch.byteCount(Value.self, clusters &+ slack) &+ Scratch.byteCount(UInt32.self, clusters &+ slack)
      &+ Scratch.byteCount(UInt32.self, mostRanked) &+ Scratch.byteCount(UInt32.self, mostRanked)
  }

  /// The number of positions for values and clusters. Candidates that turn out not to be kept get positions, too.
  private static func positions(_ width: Int) -> Int { (width > mostRanked ? width : mostRanked) &+ slack }

  /// A sketch with its own memory.
  init(width: Int, clusters: Int) {
    self.init(
      width: width, clusters: clusters,
      scratch: Scratch(byteCount: Self.scratchByteCount(width: width, clusters: clusters)))
  }

  /// A sketch that works in `scratch`.
  init(width: Int, clusters count: Int, scratch: consuming Scratch) {
    self.width = width
    values = scratch.take(Value.self, Self.positions(width))
    clusters = scratch.take(UInt32.self, Self.positions(width))
    candidates = scratch.take(Value.self, count &+ Self.slack)
    candidateClusters = scratch.take(UInt32.self, count &+ Self.slack)
    larger = scratch.take(UInt32.self, Self.mostRanked)
    equals = scratch.take(UInt32.self, Self.mostRanked)
    self.scratch = scratch
    excludeOthers()
  }

  /// Overwrites the values after the kept ones with `Scale.excluded`, as far as a vector may reach.
  @inline(__always)
  private func excludeOthers() {
    UnsafeMutableRawPointer(values + width).storeBytes(
      of: SIMD16(repeating: Scale.excluded), as: SIMD16<Value>.self)
  }

  /// Takes the sketch of the row in `kernel`. Only the cluster of the row's largest value must be masked.
  ///
  /// - Parameters:
  ///   - top: The largest value, and its cluster.
  ///   - second: The largest of the other values, or `Scale.excluded` if they all are. The kernel's last sum
  ///     was relative to it.
  ///   - units: That sum: Σ exp(ℓ_c − ℓ_second) over all clusters but that of `top`. For most rows it spares adding up
  ///     the rest.
  mutating func take(
    from kernel: borrowing RowKernel<Scale>, top: (cluster: Int, value: Value), second: Value, units: UInt64
  ) {
    values[0] = top.value
    clusters[0] = UInt32(truncatingIfNeeded: top.cluster)
    var found = 0
    if second > Scale.excluded {
      kernel.mark(reaching: kernel.threshold(reachedBy: width &- 1))
      found = list(kernel)
      if found <= Self.mostRanked { rank(found) } else { insertAll(found) }
    }
    if found < width &- 1 { fill(from: found &+ 1, kernel, top.cluster) }
    rest = 0
    if width < kernel.clusters, values[width &- 1] > Scale.excluded {
      rest = Float(massOfRest(kernel, second: second, units: units))
    }
  }

  /// Lists the marked clusters in ascending order, with their values. Returns their number.
  ///
  /// Four are written for each word of marks, however many it has. Few words have more, and a count that differs from
  /// word to word would be mispredicted, which takes most of the time here.
  @inline(__always)
  private func list(_ kernel: borrowing RowKernel<Scale>) -> Int {
    var found = 0
    var word = 0
    while word < kernel.markWords {
      var marks = UInt64(littleEndian: kernel.marks[word])
      let count = marks.nonzeroBitCount
      let first = UInt32(truncatingIfNeeded: word &* 64)
      let position = candidateClusters + found
      for offset in 0..<4 {
        position[offset] = first &+ UInt32(truncatingIfNeeded: marks.trailingZeroBitCount)
        marks &= marks &- 1
      }
      var offset = 4
      while offset < count {
        position[offset] = first &+ UInt32(truncatingIfNeeded: marks.trailingZeroBitCount)
        marks &= marks &- 1
        offset &+= 1
      }
      found &+= count
      word &+= 1
    }
    var index = 0
    while index < found {
      candidates[index] = kernel.value(at: Int(candidateClusters[index]))
      index &+= 1
    }
    return found
  }

  /// Sorts candidates by counting: each goes to the position that is the number of larger ones. Equal ones stay in
  /// order.
  ///
  /// Candidates that are not kept get positions, too. To leave them out would take a branch that can't be predicted.
  @inline(__always)
  private mutating func rank(_ found: Int) {
    var index = 0
    while index < found {
      let lanes = UnsafeRawPointer(candidates + index).loadUnaligned(as: SIMD16<Value>.self)
      UnsafeMutableRawPointer(larger + index).storeBytes(
        of: Value.counts(of: candidates, found, above: lanes), as: SIMD16<UInt32>.self)
      // Position 0 is that of the row's largest value, which is no candidate.
      UnsafeMutableRawPointer(equals + index).storeBytes(of: SIMD16(repeating: 1), as: SIMD16<UInt32>.self)
      index &+= 16
    }
    index = 0
    while index < found {
      let larger = Int(larger[index])
      let position = larger &+ Int(equals[larger])
      equals[larger] &+= 1
      values[position] = candidates[index]
      clusters[position] = candidateClusters[index]
      index &+= 1
    }
    excludeOthers()
  }

  /// Sorts candidates by insertion. This is slower for few candidates; rows with many equal values have a lot of them.
  private mutating func insertAll(_ found: Int) {
    var count = 1
    var index = 0
    while index < found {
      let value = candidates[index]
      if count < width || value > values[width &- 1] {
        // It goes after those that are not smaller. If `width` values are kept already, the last one goes away.
        var position = count
        if count == width { position &-= 1 } else { count &+= 1 }
        while position > 1, values[position &- 1] < value {
          values[position] = values[position &- 1]
          clusters[position] = clusters[position &- 1]
          position &-= 1
        }
        if position < width {
          values[position] = value
          clusters[position] = candidateClusters[index]
        }
      }
      index &+= 1
    }
  }

  /// Fills up with the first excluded values if there are not enough others.
  private mutating func fill(from start: Int, _ kernel: borrowing RowKernel<Scale>, _ masked: Int) {
    var position = start
    var cluster = 0
    while position < width {
      let value = kernel.value(at: cluster)
      if cluster != masked, !(value > Scale.excluded) {
        values[position] = value
        clusters[position] = UInt32(truncatingIfNeeded: cluster)
        position &+= 1
      }
      cluster &+= 1
    }
  }

  /// Σ exp(ℓ_c − β) over the clusters that are not kept.
  ///
  /// Σ exp(ℓ_c − ℓ_second) over all clusters but the first is known. The terms of the kept clusters can be subtracted
  /// without loss, since they are the same numbers to the bit. If so little remains that the rounding of terms could
  /// matter, the rest is added up anew, relative to β.
  @inline(__always)
  private func massOfRest(_ kernel: borrowing RowKernel<Scale>, second: Value, units: UInt64) -> Double {
    let smallest = values[width &- 1]
    var kept = TermSum(in: kernel.unit)
    var index = 1
    while index < width {
      let vector = UnsafeRawPointer(values + index).loadUnaligned(as: SIMD16<Value>.self)
      kept.add(kernel.scale.terms(vector, relativeTo: second))
      index &+= 16
    }
    let left = kernel.unit.value(units &- kept.units)
    let least = 1e6 * kernel.unit.size * Double(kernel.clusters) / 2
    if width >= 2, left >= 1e-6 * kernel.unit.value(units), left >= least {
      return left / kernel.term(smallest, relativeTo: second)
    }
    index = 1
    while index < width {
      kernel.mask(Int(clusters[index]))
      index &+= 1
    }
    let mass = kernel.sumOfTerms(relativeTo: smallest)
    // The kernel's kept terms stay those relative to the second.
    index = 1
    while index < width {
      kernel.unmask(Int(clusters[index]), values[index])
      index &+= 1
    }
    return mass
  }

  /// The first kept value, from `position` on, that is not masked in `kernel`; nil if all are. Moves `position` there.
  @inline(__always)
  func firstUnmasked(in kernel: borrowing RowKernel<Scale>, from position: inout Int) -> (cluster: Int, value: Value)? {
    while position < width {
      let cluster = Int(clusters[position])
      let value = kernel.value(at: cluster)
      if value > Scale.excluded { return (cluster, value) }
      position &+= 1
    }
    return nil
  }
}
