import LogitStream

/// What happens to a row: maximum, first index of it, and sums of masked softmax terms.
///
/// A row is decoded into a buffer of the kernel's own, padded to whole vectors of sixteen with `Scale.excluded`, and
/// everything else works on that buffer; masking a cluster writes `Scale.excluded` into its place. A row's numbers
/// depend on that row alone: the lanes and the order of operations are fixed, and nothing is fused or reassociated, so
/// every processor gives the same bits.
///
/// Softmax terms are computed in `Float` and added up in `Double`. A term has 24 significant bits, so sums of terms
/// above 2^-29 are exact in any order: rows that are permutations of one another tie exactly, as they should.
struct RowKernel<Scale: LogitScale>: ~Copyable {
  typealias Value = Scale.Value

  let clusters: Int
  let scale: Scale
  let vectors: Int
  private let row: UnsafeMutablePointer<SIMD16<Value>>
  /// Room for the last, incomplete vector of a row as read, so that nothing beyond the row is touched.
  private let tail: UnsafeMutableRawBufferPointer
  /// The largest values of the row by index modulo 64, as it was loaded.
  private let laneMaxima: UnsafeMutablePointer<SIMD16<Value>>
  static var lanes: Int { 64 }

  /// A kernel for rows of `clusters` logits.
  init(clusters: Int, scale: Scale) {
    self.clusters = clusters
    self.scale = scale
    vectors = (clusters + 15) / 16
    row = .allocate(capacity: vectors)
    row.initialize(repeating: SIMD16(repeating: Scale.excluded), count: vectors)
    tail = .allocate(byteCount: 16 * MemoryLayout<Double>.stride, alignment: 16)
    tail.initializeMemory(as: UInt8.self, repeating: 0)
    laneMaxima = .allocate(capacity: Self.lanes / 16)
    laneMaxima.initialize(repeating: SIMD16(repeating: Scale.excluded), count: Self.lanes / 16)
  }

  deinit {
    laneMaxima.deallocate()
    row.deallocate()
    tail.deallocate()
  }

  /// Decodes a row from `pointer` and returns its largest value, or nil if an element of it is invalid.
  func load<Decoder: ElementDecoder>(_ pointer: UnsafeRawPointer, _: Decoder.Type) -> Value?
  where Decoder.Value == Value {
    var maxima = (
      SIMD16(repeating: Scale.excluded), SIMD16(repeating: Scale.excluded),
      SIMD16(repeating: Scale.excluded), SIMD16(repeating: Scale.excluded)
    )
    var valid = SIMDMask<SIMD16<Value.SIMDMaskScalar>>(repeating: true)
    let complete = clusters / 16
    var index = 0
    while index &+ 4 <= complete {
      maxima.0 = Value.maximum(maxima.0, take(pointer, index, Decoder.self, &valid))
      maxima.1 = Value.maximum(maxima.1, take(pointer, index &+ 1, Decoder.self, &valid))
      maxima.2 = Value.maximum(maxima.2, take(pointer, index &+ 2, Decoder.self, &valid))
      maxima.3 = Value.maximum(maxima.3, take(pointer, index &+ 3, Decoder.self, &valid))
      index &+= 4
    }
    // What is left is less than a round of all lanes; each vector has the lanes to itself.
    for last in index..<vectors {
      let values: SIMD16<Value>
      if last < complete {
        values = take(pointer, last, Decoder.self, &valid)
      } else {
        values = takeTail(pointer, Decoder.self, &valid)
      }
      switch last & 3 {
      case 0: maxima.0 = Value.maximum(maxima.0, values)
      case 1: maxima.1 = Value.maximum(maxima.1, values)
      case 2: maxima.2 = Value.maximum(maxima.2, values)
      default: maxima.3 = Value.maximum(maxima.3, values)
      }
    }
    laneMaxima[0] = maxima.0
    laneMaxima[1] = maxima.1
    laneMaxima[2] = maxima.2
    laneMaxima[3] = maxima.3
    let largest = Value.maximum(Value.maximum(maxima.0, maxima.1), Value.maximum(maxima.2, maxima.3))
    return all(valid) ? largest.max() : nil
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

  /// Decodes the elements after the last sixteen, and pads them.
  private func takeTail<Decoder: ElementDecoder>(
    _ pointer: UnsafeRawPointer, _: Decoder.Type, _ valid: inout SIMDMask<SIMD16<Value.SIMDMaskScalar>>
  ) -> SIMD16<Value> where Decoder.Value == Value {
    let complete = clusters / 16
    let rest = clusters - complete * 16
    let start = pointer + complete * 16 * Decoder.stride
    tail.copyMemory(from: UnsafeRawBufferPointer(start: start, count: rest * Decoder.stride))
    var values = Decoder.load16(UnsafeRawPointer(tail.baseAddress.unsafelyUnwrapped))
    for lane in rest..<16 { values[lane] = Scale.excluded }
    row[complete] = values
    Scale.check(values, &valid)
    return values
  }

  /// The largest value of the row that is not masked; `Scale.excluded` if there is none above it.
  func maximum() -> Value {
    var largest = SIMD16(repeating: Scale.excluded)
    for index in 0..<vectors { largest = Value.maximum(largest, row[index]) }
    return largest.max()
  }

  /// The first index at which the row holds `value`, which must be in it.
  func firstIndex(of value: Value) -> Int {
    for index in 0..<vectors {
      if let lane = Value.firstLane(of: value, in: row[index]) { return index &* 16 &+ lane }
    }
    preconditionFailure("the value is not in the row")
  }

  /// The row's values at positions 16 · `index` and on, masked ones excluded.
  @inline(__always)
  func values16(_ index: Int) -> SIMD16<Value> { row[index] }

  /// A value that at least `count` of the row's values reach, as loaded, and not many more; `Scale.excluded` where only
  /// that can be said.
  ///
  /// The maxima of the lanes are values of the row, so what `count` of them reach, `count` values reach. It takes no
  /// sorting: halving the interval between the smallest and the largest maximum is enough.
  func threshold(reachedBy count: Int) -> Value {
    guard count <= Self.lanes else { return Scale.excluded }
    var low = Scale.excluded
    var high = Value.maximum(
      Value.maximum(laneMaxima[0], laneMaxima[1]), Value.maximum(laneMaxima[2], laneMaxima[3])
    ).max()
    let least = Value.minimum(
      Value.minimum(laneMaxima[0], laneMaxima[1]), Value.minimum(laneMaxima[2], laneMaxima[3])
    ).min()
    guard least > Scale.excluded else { return Scale.excluded }
    low = least
    for _ in 0..<10 {
      let middle = low + (high - low) / 2
      let reached =
        Value.count(laneMaxima[0], atLeast: middle) &+ Value.count(laneMaxima[1], atLeast: middle)
        &+ Value.count(laneMaxima[2], atLeast: middle) &+ Value.count(laneMaxima[3], atLeast: middle)
      if reached >= count {
        low = middle
        if reached <= count &+ 2 { break }
      } else {
        high = middle
      }
    }
    return low
  }

  /// The row's value for a cluster; excluded if it is masked.
  @inline(__always)
  func value(at cluster: Int) -> Value {
    UnsafeRawPointer(row).load(fromByteOffset: cluster &* MemoryLayout<Value>.stride, as: Value.self)
  }

  /// Masks a cluster: it is in no later maximum and no later sum of this row.
  @inline(__always)
  func mask(_ cluster: Int) { set(cluster, Scale.excluded) }

  /// Undoes the masking of a cluster, whose value was `value`.
  @inline(__always)
  func unmask(_ cluster: Int, _ value: Value) { set(cluster, value) }

  @inline(__always)
  private func set(_ cluster: Int, _ value: Value) {
    UnsafeMutableRawPointer(row).storeBytes(
      of: value, toByteOffset: cluster &* MemoryLayout<Value>.stride, as: Value.self)
  }

  /// Σ exp(ℓ_c − ℓ_reference) over the clusters not masked, where ℓ are logits and `reference` is one of them as read.
  func sumOfTerms(relativeTo reference: Value) -> Double {
    var sum = SIMD8<Double>(repeating: 0)
    for index in 0..<vectors {
      let terms = scale.terms(row[index], relativeTo: reference)
      sum += SIMD8<Double>(terms.lowHalf)
      sum += SIMD8<Double>(terms.highHalf)
    }
    let four = sum.lowHalf + sum.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  /// exp(ℓ_value − ℓ_reference) for one value.
  func term(_ value: Value, relativeTo reference: Value) -> Double {
    scale.term(value, relativeTo: reference)
  }
}

/// exp(x) for x ≤ 0 and not NaN, to about one unit in the last place of `Float`; 0 below the smallest normal number.
///
/// Range reduction to |r| ≤ ln 2 / 2 with ln 2 in two parts, then the minimax polynomial of the Cephes library's
/// `expf` (S. Moshier, 1992). Adding 1.5 · 2^23 rounds to the nearest integer and leaves that integer in the low bits.
@inline(__always)
func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
  let shifter: Float = 0x1.8p23
  let shifted = x * 1.442_695_04 + shifter
  let n = shifted - shifter
  let r = (x - n * 0.693_359_375) - n * -2.121_944_40e-4
  var polynomial = r * 1.987_569_15e-4 + 1.398_199_95e-3
  polynomial = polynomial * r + 8.333_451_91e-3
  polynomial = polynomial * r + 4.166_579_59e-2
  polynomial = polynomial * r + 1.666_666_55e-1
  polynomial = polynomial * r + 0.5
  polynomial = polynomial * (r * r) + r + 1
  let powerOfTwo = (unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23) &+ 0x3F80_0000
  return (polynomial * unsafeBitCast(powerOfTwo, to: SIMD16<Float>.self)).replacing(with: 0, where: x .< -87.3)
}

/// exp(x) for x ≤ 0 and not NaN, with the relative error of the vector function: what rounding `x` to `Float` takes
/// away is given back.
@inline(__always)
func exponential(_ x: Double) -> Double {
  guard x >= -87.3 else { return 0 }
  let rounded = Float(x)
  return Double(exponential(SIMD16(repeating: rounded))[0]) * (1 + (x - Double(rounded)))
}

/// log(x) for 0 < x ≤ 1.001, to a few units in the last place of `Double`; −∞ for 0.
///
/// x = m · 2^e with √½ ≤ m < √2, and log m = 2 artanh z with z = (m − 1) / (m + 1), whose series goes on with less than
/// 2^-52 after nine terms. Subnormal numbers are scaled into the normal range first.
@inline(__always)
func logarithm(_ x: SIMD16<Double>) -> SIMD16<Double> {
  let isTiny = x .< Double.leastNormalMagnitude
  let scaled = x.replacing(with: x * 0x1p64, where: isTiny)
  // Measured from √½, the exponent's field counts whole octaves around one.
  let rootOfHalf: UInt64 = 0x3FE6_A09E_667F_3BCD
  let offset = unsafeBitCast(scaled, to: SIMD16<UInt64>.self) &- rootOfHalf
  let octave = SIMD16<Int64>(truncatingIfNeeded: offset) &>> 52
  let m = unsafeBitCast((offset & 0x000F_FFFF_FFFF_FFFF) &+ rootOfHalf, to: SIMD16<Double>.self)
  var e = SIMD16<Double>(octave)
  e = e.replacing(with: e - 64, where: isTiny)
  let z = (m - 1) / (m + 1)
  let square = z * z
  var series = square * (1.0 / 17) + 1.0 / 15
  series = series * square + 1.0 / 13
  series = series * square + 1.0 / 11
  series = series * square + 1.0 / 9
  series = series * square + 1.0 / 7
  series = series * square + 1.0 / 5
  series = series * square + 1.0 / 3
  series = series * square * z + z
  let result = series * 2 + e * 0.693_147_180_559_945_309
  return result.replacing(with: -Double.infinity, where: x .== 0)
}
