/// Questions that the lane maxima answer: the largest values by index modulo 64.
extension RowKernel {
  /// The largest value of the row, clusters that `maskAlone` masked excepted.
  @inline(__always)
  func largestLaneMaximum() -> Value {
    Value.largest(
      Value.maximum(Value.maximum(laneMaxima[0], laneMaxima[1]), Value.maximum(laneMaxima[2], laneMaxima[3])))
  }

  /// The first index at which the row has `value`, the largest lane maximum. Only lanes that reach it are searched.
  @inline(__always)
  func firstIndex(ofLaneMaximum value: Value) -> Int {
    var lanes = lanes(equal: value)
    var first = clusters
    while lanes != 0 {
      var index = lanes.trailingZeroBitCount
      lanes &= lanes &- 1
      while index < first {
        if self.value(at: index) == value { first = index } else { index &+= Self.lanes }
      }
    }
    return first
  }

  /// Masks a cluster and updates the maximum of its lane.
  @inline(__always)
  func maskAlone(_ cluster: Int) {
    mask(cluster)
    let lane = cluster & (Self.lanes &- 1)
    var maxima = (Scale.excluded, Scale.excluded)
    var index = lane
    while index &+ Self.lanes < clusters {
      let (a, b) = (value(at: index), value(at: index &+ Self.lanes))
      if a > maxima.0 { maxima.0 = a }
      if b > maxima.1 { maxima.1 = b }
      index &+= 2 &* Self.lanes
    }
    if index < clusters, value(at: index) > maxima.0 { maxima.0 = value(at: index) }
    UnsafeMutableRawPointer(laneMaxima).storeBytes(
      of: maxima.1 > maxima.0 ? maxima.1 : maxima.0, toByteOffset: lane &* MemoryLayout<Value>.stride, as: Value.self)
  }

  @inline(__always)
  private func lanes(equal value: Value) -> UInt64 {
    UInt64(Value.lanes(laneMaxima, equal: value)) | UInt64(Value.lanes(laneMaxima + 1, equal: value)) &<< 16
      | UInt64(Value.lanes(laneMaxima + 2, equal: value)) &<< 32
      | UInt64(Value.lanes(laneMaxima + 3, equal: value)) &<< 48
  }

  /// The number of lane maxima that are at least `bound`.
  @inline(__always)
  private func count(atLeast bound: Value) -> Int {
    let lanes =
      UInt64(Value.lanes(laneMaxima, atLeast: bound)) | UInt64(Value.lanes(laneMaxima + 1, atLeast: bound)) &<< 16
      | UInt64(Value.lanes(laneMaxima + 2, atLeast: bound)) &<< 32
      | UInt64(Value.lanes(laneMaxima + 3, atLeast: bound)) &<< 48
    return lanes.nonzeroBitCount
  }

  /// A value that at least `count` of the row's values reach, masked ones excepted, and not many more. It is
  /// `Scale.leastIncluded` if the lanes can't tell such a value.
  ///
  /// The lane maxima are values of the row. So a value that `count` of them reach is reached by at least `count`
  /// values. It takes no sorting: the interval between the smallest and the largest maximum is halved a few times.
  @inline(__always)
  func threshold(reachedBy count: Int) -> Value {
    guard count > 0 else { return .infinity }
    var low = Value.infinity
    var index = 0
    while index < 4 {
      let least = Value.smallest(laneMaxima[index], above: Scale.excluded)
      if least < low { low = least }
      index &+= 1
    }
    var reachingLow = self.count(atLeast: low)
    guard reachingLow >= count else { return Scale.leastIncluded }
    var high = largestLaneMaximum()
    var halvings = 0
    while halvings < 10, reachingLow > count &+ 2 {
      let middle = low + (high - low) / 2
      let reached = self.count(atLeast: middle)
      let isEnough = reached >= count
      low = isEnough ? middle : low
      high = isEnough ? high : middle
      reachingLow = isEnough ? reached : reachingLow
      halvings &+= 1
    }
    return low
  }
}
