import LogitStream

/// What happens to a row: its maximum, the first index of that, and sums of masked softmax terms.
///
/// A row is decoded into the kernel's own buffer, padded with `Scale.excluded` to whole vectors of sixteen. Everything
/// else works on that buffer. Masking a cluster overwrites its value with `Scale.excluded`. A row's results depend on
/// that row only. The lanes and the order of operations are fixed, and nothing is fused or reassociated, so every
/// processor gives the same bits.
///
/// There are 64 lanes: lane i has the values with index i modulo 64. While a row is loaded, the largest value of each
/// lane is found. These maxima tell where to look for an index. Only one of them has to be updated if one cluster is
/// masked. They also give a threshold for the row's largest values.
struct RowKernel<Scale: LogitScale>: ~Copyable {
  typealias Value = Scale.Value

  let clusters: Int
  let scale: Scale
  let vectors: Int
  private let scratch: Scratch
  private let row: UnsafeMutablePointer<SIMD16<Value>>
  /// Room for a row that is shorter than a vector, as it was read, so that nothing beyond the row is touched.
  private let short: UnsafeMutablePointer<SIMD16<Double>>
  /// The largest value of each lane, clusters that `maskAlone` masked excepted.
  let laneMaxima: UnsafeMutablePointer<SIMD16<Value>>
  /// For each cluster a bit: whether it reached the threshold of the last sum that marked.
  let marks: UnsafeMutablePointer<UInt64>

  static var lanes: Int { 64 }

  /// The number of 64-bit words that have a bit for each cluster.
  var markWords: Int { (vectors &+ 3) / 4 }

  static func scratchByteCount(clusters: Int) -> Int {
    let vectors = (clusters &+ 15) / 16
    return Scratch.byteCount(SIMD16<Value>.self, vectors) &+ Scratch.byteCount(SIMD16<Double>.self, 1)
      &+ Scratch.byteCount(SIMD16<Value>.self, lanes / 16) &+ Scratch.byteCount(UInt64.self, (vectors &+ 3) / 4)
  }

  /// A kernel for rows of `clusters` logits, with its own memory.
  init(clusters: Int, scale: Scale) {
    self.init(
      clusters: clusters, scale: scale, scratch: Scratch(byteCount: Self.scratchByteCount(clusters: clusters)))
  }

  /// A kernel for rows of `clusters` logits that works in `scratch`.
  init(clusters: Int, scale: Scale, scratch: consuming Scratch) {
    self.clusters = clusters
    self.scale = scale
    vectors = (clusters &+ 15) / 16
    row = scratch.take(SIMD16<Value>.self, vectors)
    short = scratch.take(SIMD16<Double>.self, 1)
    laneMaxima = scratch.take(SIMD16<Value>.self, Self.lanes / 16)
    let words = (vectors &+ 3) / 4
    marks = scratch.take(UInt64.self, words)
    self.scratch = scratch
    // Loading a row never writes the padding, and sums never write marks beyond the last vector. So both are set once.
    row[vectors &- 1] = SIMD16(repeating: Scale.excluded)
    marks[words &- 1] = 0
    short[0] = SIMD16(repeating: 0)
  }

  // MARK: Loading

  /// Decodes the row at `pointer` and returns its largest value; nil if one of its elements is invalid.
  func load<Decoder: ElementDecoder>(_ pointer: UnsafeRawPointer, _: Decoder.Type) -> Value?
  where Decoder.Value == Value {
    var maxima = (
      SIMD16(repeating: Scale.excluded), SIMD16(repeating: Scale.excluded),
      SIMD16(repeating: Scale.excluded), SIMD16(repeating: Scale.excluded)
    )
    var valid = SIMDMask<SIMD16<Value.SIMDMaskScalar>>(repeating: true)
    let complete = clusters / 16
    decodeTail(pointer, Decoder.self)
    var index = 0
    while index &+ 4 <= complete {
      maxima.0 = Value.maximum(maxima.0, take(pointer, index, Decoder.self, &valid))
      maxima.1 = Value.maximum(maxima.1, take(pointer, index &+ 1, Decoder.self, &valid))
      maxima.2 = Value.maximum(maxima.2, take(pointer, index &+ 2, Decoder.self, &valid))
      maxima.3 = Value.maximum(maxima.3, take(pointer, index &+ 3, Decoder.self, &valid))
      index &+= 4
    }
    // Less than a round of all lanes is left. Each vector has its own lanes.
    while index < vectors {
      let values: SIMD16<Value>
      if index < complete {
        values = take(pointer, index, Decoder.self, &valid)
      } else {
        values = row[index]
        Scale.check(values, &valid)
      }
      switch index & 3 {
      case 0: maxima.0 = Value.maximum(maxima.0, values)
      case 1: maxima.1 = Value.maximum(maxima.1, values)
      case 2: maxima.2 = Value.maximum(maxima.2, values)
      default: maxima.3 = Value.maximum(maxima.3, values)
      }
      index &+= 1
    }
    laneMaxima[0] = maxima.0
    laneMaxima[1] = maxima.1
    laneMaxima[2] = maxima.2
    laneMaxima[3] = maxima.3
    return all(valid) ? largestLaneMaximum() : nil
  }

  /// Decodes the sixteen elements from 16 · `index` on into the row.
  @inline(__always)
  private func take<Decoder: ElementDecoder>(
    _ pointer: UnsafeRawPointer, _ index: Int, _: Decoder.Type, _ valid: inout SIMDMask<SIMD16<Value.SIMDMaskScalar>>
  ) -> SIMD16<Value> where Decoder.Value == Value {
    let values = Decoder.load16(pointer + index &* 16 &* Decoder.stride)
    row[index] = values
    Scale.check(values, &valid)
    return values
  }

  /// Decodes the elements after the last whole vector into the row. It takes the last sixteen, some of them for the
  /// second time.
  @inline(__always)
  private func decodeTail<Decoder: ElementDecoder>(_ pointer: UnsafeRawPointer, _: Decoder.Type)
  where Decoder.Value == Value {
    guard clusters & 15 != 0 else { return }
    if clusters > 16 {
      let first = clusters &- 16
      UnsafeMutableRawPointer(row).storeBytes(
        of: Decoder.load16(pointer + first &* Decoder.stride), toByteOffset: first &* MemoryLayout<Value>.stride,
        as: SIMD16<Value>.self)
    } else {
      let padded = UnsafeMutableRawPointer(short)
      padded.copyMemory(from: pointer, byteCount: clusters &* Decoder.stride)
      row[0] = Decoder.load16(padded)
      var index = clusters
      while index < 16 {
        mask(index)
        index &+= 1
      }
    }
  }

  // MARK: Maxima

  /// The largest value of the row that is not masked; `Scale.excluded` if no value is above that.
  @inline(__always)
  func maximum() -> Value {
    var maxima = (row[0], row[vectors / 2])
    var index = 0
    while index &+ 2 <= vectors {
      maxima.0 = Value.maximum(maxima.0, row[index])
      maxima.1 = Value.maximum(maxima.1, row[index &+ 1])
      index &+= 2
    }
    return Value.largest(Value.maximum(Value.maximum(maxima.0, maxima.1), row[vectors &- 1]))
  }

  /// The first index at which the row has `value`. The row must have it.
  @inline(__always)
  func firstIndex(of value: Value) -> Int {
    var index = 0
    while index < vectors {
      let lanes = Value.lanes(row + index, equal: value)
      if lanes != 0 { return index &* 16 &+ lanes.trailingZeroBitCount }
      index &+= 1
    }
    preconditionFailure("the value is not in the row")
  }

  // MARK: Values

  /// The sixteen values from 16 · `index` on.
  @inline(__always)
  func vector(_ index: Int) -> SIMD16<Value> { row[index] }

  /// The row's value for a cluster; `Scale.excluded` if the cluster is masked.
  @inline(__always)
  func value(at cluster: Int) -> Value {
    UnsafeRawPointer(row).load(fromByteOffset: cluster &* MemoryLayout<Value>.stride, as: Value.self)
  }

  /// Masks a cluster. It is left out of all later maxima and sums of this row.
  @inline(__always)
  func mask(_ cluster: Int) {
    UnsafeMutableRawPointer(row).storeBytes(
      of: Scale.excluded, toByteOffset: cluster &* MemoryLayout<Value>.stride, as: Value.self)
  }

  /// Undoes the masking of a cluster that had the value `value`.
  @inline(__always)
  func unmask(_ cluster: Int, _ value: Value) {
    UnsafeMutableRawPointer(row).storeBytes(
      of: value, toByteOffset: cluster &* MemoryLayout<Value>.stride, as: Value.self)
  }

  // MARK: Sums

  /// Σ exp(ℓ_c − ℓ_reference) over the clusters that are not masked. `reference` is a value of the row, as it was read.
  @inline(__always)
  func sumOfTerms(relativeTo reference: Value) -> Double {
    // The temperature is tested here, not for each vector.
    scale.temperature == 1
      ? sum(of: { scale.plainTerms(row[$0], relativeTo: reference) })
      : sum(of: { scale.temperedTerms(row[$0], relativeTo: reference) })
  }

  /// The same sum. Also marks the clusters whose values reach `threshold`.
  @inline(__always)
  func sumOfTerms(relativeTo reference: Value, marking threshold: Value) -> Double {
    scale.temperature == 1
      ? sum(of: {
        mark($0, threshold)
        return scale.plainTerms(row[$0], relativeTo: reference)
      })
      : sum(of: {
        mark($0, threshold)
        return scale.temperedTerms(row[$0], relativeTo: reference)
      })
  }

  /// The same sum. Also stores the terms of all clusters at `kept`.
  @inline(__always)
  func sumOfTerms(relativeTo reference: Value, keeping kept: UnsafeMutablePointer<SIMD16<Float>>) -> Double {
    scale.temperature == 1
      ? sum(of: {
        let terms = scale.plainTerms(row[$0], relativeTo: reference)
        kept[$0] = terms
        return terms
      })
      : sum(of: {
        let terms = scale.temperedTerms(row[$0], relativeTo: reference)
        kept[$0] = terms
        return terms
      })
  }

  /// The sum of the terms of all vectors.
  @inline(__always)
  private func sum(of terms: (_ vector: Int) -> SIMD16<Float>) -> Double {
    var sum = TermSum()
    var index = 0
    while index < vectors {
      sum.add(terms(index))
      index &+= 1
    }
    return sum.total
  }

  @inline(__always)
  private func mark(_ index: Int, _ threshold: Value) {
    UnsafeMutableRawPointer(marks).storeBytes(
      of: Value.lanes(row + index, atLeast: threshold).littleEndian, toByteOffset: index &* 2, as: UInt16.self)
  }

  /// exp(ℓ_value − ℓ_reference) for one value.
  @inline(__always)
  func term(_ value: Value, relativeTo reference: Value) -> Double {
    scale.term(value, relativeTo: reference)
  }
}
