import KernelInterface

extension RowKernel {
  /// Writes ℓ_c − ℓ_top of all clusters of the row at `pointer`, and returns the row's cluster; nil if the row is invalid.
  ///
  /// A logit of −∞ is taken for the least of the row's others: a mean over rows must not be −∞ because of one of them.
  @inline(__always)
  func differences(_ pointer: UnsafeRawPointer, to differences: UnsafeMutablePointer<Double>) -> Int? {
    guard let top = load(pointer), top > Scale.excluded else { return nil }
    let vectors = UnsafeMutableRawPointer(differences)
    var index = 0
    while index < self.vectors {
      vectors.storeBytes(
        of: scale.differences(vector(index), from: top), toByteOffset: index &* MemoryLayout<SIMD16<Double>>.stride,
        as: SIMD16<Double>.self)
      index &+= 1
    }
    var least = 0.0
    var isFinite = true
    index = 0
    while index < clusters {
      let difference = differences[index]
      if difference == -.infinity { isFinite = false } else if difference < least { least = difference }
      index &+= 1
    }
    if !isFinite {
      index = 0
      while index < clusters {
        if differences[index] == -.infinity { differences[index] = least }
        index &+= 1
      }
    }
    return firstIndex(ofLaneMaximum: top)
  }
}
