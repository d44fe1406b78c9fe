import CVectors
import KernelInterface

/// What happens to a row: its maximum, the first index of that, and sums of masked softmax terms.
///
/// A row is decoded into the kernel's own buffer, padded with `Scale.excluded` to whole vectors of sixteen. Everything
/// else works on that buffer. Masking a cluster overwrites its value with `Scale.excluded`. A row's results depend on
/// that row only. Terms add up to the same in any order, and nothing is fused or reassociated, so every processor gives the
/// same bits.
///
/// There are 64 lanes: lane i has the values with index i modulo 64. While a row is loaded, the largest value of each
/// lane is found. These maxima tell where to look for an index. Only one of them has to be updated if one cluster is
/// masked. They also give a threshold for the row's largest values.
struct RowKernel<Scale: LogitScale>: ~Copyable {
  typealias Value = Scale.Value

  let clusters: Int
  let scale: Scale
  /// How rows come.
  let format: NumberFormat
  let vectors: Int
  private let scratch: Scratch
  private let row: UnsafeMutablePointer<SIMD16<Value>>
  /// Room for a row that is shorter than a vector, as it was read, so that nothing beyond the row is touched.
  private let short: UnsafeMutablePointer<SIMD16<Double>>
  /// The term of each cluster, as the last sum that kept terms found them; 0 of those that were masked since, and after the last
  /// vector.
  let terms: UnsafeMutablePointer<SIMD16<Float>>
  /// Room for terms that are not kept.
  private let spare: UnsafeMutablePointer<SIMD16<Float>>
  /// What terms are added up in.
  let unit: TermUnit
  /// The largest value of each lane, clusters that `maskAlone` masked excepted.
  let laneMaxima: UnsafeMutablePointer<SIMD16<Value>>
  /// For each cluster a bit: whether it reached the last threshold.
  let marks: UnsafeMutablePointer<UInt64>

  static var lanes: Int { 64 }

  /// The number of 64-bit words that have a bit for each cluster.
  var markWords: Int { (vectors &+ 3) / 4 }

  static func scratchByteCount(clusters: Int) -> Int {
    let vectors = (clusters &+ 15) / 16
    return Scratch.byteCount(SIMD16<Value>.self, vectors) &+ Scratch.byteCount(SIMD16<Double>.self, 1)
      &+ Scratch.byteCount(SIMD16<Float>.self, vectors &+ 1) &+ Scratch.byteCount(SIMD16<Float>.self, 4)
      &+ Scratch.byteCount(SIMD16<Value>.self, lanes / 16) &+ Scratch.byteCount(UInt64.self, (vectors &+ 3) / 4)
  }

  /// A kernel for rows of `clusters` logits, with its own memory.
  init(clusters: Int, scale: Scale, format: NumberFormat) {
    self.init(
      clusters: clusters, scale: scale, format: format,
      scratch: Scratch(byteCount: Self.scratchByteCount(clusters: clusters)))
  }

  /// A kernel for rows of `clusters` logits that works in `scratch`.
  init(clusters: Int, scale: Scale, format: NumberFormat, scratch: consuming Scratch) {
    self.clusters = clusters
    self.scale = scale
    self.format = format
    vectors = (clusters &+ 15) / 16
    row = scratch.take(SIMD16<Value>.self, vectors)
    short = scratch.take(SIMD16<Double>.self, 1)
    terms = scratch.take(SIMD16<Float>.self, vectors &+ 1)
    spare = scratch.take(SIMD16<Float>.self, 4)
    unit = TermUnit(clusters: clusters)
    laneMaxima = scratch.take(SIMD16<Value>.self, Self.lanes / 16)
    let words = (vectors &+ 3) / 4
    marks = scratch.take(UInt64.self, words)
    self.scratch = scratch
    // Loading a row never writes the padding, and sums never write marks or terms beyond the last vector. So they are set once.
    row[vectors &- 1] = SIMD16(repeating: Scale.excluded)
    marks[words &- 1] = 0
    short[0] = SIMD16(repeating: 0)
    terms[vectors] = SIMD16(repeating: 0)
  }

  // MARK: Loading

  /// Decodes the row at `pointer` and returns its largest value; nil if one of its elements is invalid.
  @inline(__always)
  func load(_ pointer: UnsafeRawPointer) -> Value? { Value.load(pointer, into: self) }

  /// The same for rows of one format. It is all of the kernel that is compiled for each of them.
  @inline(never)
  func load<Decoder: ElementDecoder>(_ pointer: UnsafeRawPointer, _: Decoder.Type) -> Value?
  where Decoder.Value == Value {
    var maxima = (
      SIMD16(repeating: Scale.excluded), SIMD16(repeating: Scale.excluded),
      SIMD16(repeating: Scale.excluded), SIMD16(repeating: Scale.excluded)
    )
    var valid = Value.Lanes(repeating: -1)
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
        valid = Scale.checked(valid, values)
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
    return Value.isAll(valid) ? largestLaneMaximum() : nil
  }

  /// Decodes the sixteen elements from 16 · `index` on into the row.
  @inline(__always)
  private func take<Decoder: ElementDecoder>(
    _ pointer: UnsafeRawPointer, _ index: Int, _: Decoder.Type, _ valid: inout Value.Lanes
  ) -> SIMD16<Value> where Decoder.Value == Value {
    let values = Decoder.load16(pointer + index &* 16 &* Decoder.stride)
    row[index] = values
    valid = Scale.checked(valid, values)
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
  @inline(never)
  func sumOfTerms(relativeTo reference: Value) -> Double {
    unit.value(units(relativeTo: reference) { _ in spare })
  }

  /// The same sum in units, of which ``terms`` are kept.
  @inline(never)
  func keepTerms(relativeTo reference: Value) -> UInt64 {
    units(relativeTo: reference) { terms + $0 }
  }

  /// The sum of the terms of all vectors, in units. The terms of a vector, or of that and the three after it, are written to its
  /// `place`.
  @inline(__always)
  private func units(
    relativeTo reference: Value, _ place: (_ vector: Int) -> UnsafeMutablePointer<SIMD16<Float>>
  ) -> UInt64 {
    let references = Value.repeated(reference)
    var sum = TermSum(in: unit)
    var index = 0
    // The temperature is tested here, not for each vector.
    if scale.temperature == 1 {
      while index &+ 4 <= vectors {
        let terms = place(index)
        scale.writePlainTerms(ofFour: row + index, relativeTo: references, to: terms)
        sum.add(terms[0])
        sum.add(terms[1])
        sum.add(terms[2])
        sum.add(terms[3])
        index &+= 4
      }
      while index < vectors {
        let terms = place(index)
        terms[0] = scale.plainTerms(row[index], relativeTo: references)
        sum.add(terms[0])
        index &+= 1
      }
    } else {
      while index < vectors {
        let terms = place(index)
        terms[0] = scale.temperedTerms(row[index], relativeTo: references)
        sum.add(terms[0])
        index &+= 1
      }
    }
    return sum.units
  }

  /// Marks the clusters whose values reach `threshold`.
  @inline(__always)
  func mark(reaching threshold: Value) {
    var index = 0
    while index < vectors {
      UnsafeMutableRawPointer(marks).storeBytes(
        of: Value.lanes(row + index, atLeast: threshold).littleEndian, toByteOffset: index &* 2, as: UInt16.self)
      index &+= 1
    }
  }

  /// The kept term of a cluster.
  @inline(__always)
  func keptTerm(_ cluster: Int) -> Float {
    UnsafeRawPointer(terms).load(fromByteOffset: cluster &* MemoryLayout<Float>.stride, as: Float.self)
  }

  /// Masks clusters, and their kept terms. Returns the sum of these in units.
  @inline(__always)
  func mask(_ parts: UnsafePointer<VectorPart>, from start: Int, to end: Int) -> UInt64 {
    var masked = TermSum(in: unit)
    var position = start
    while position < end {
      let part = parts[position]
      let index = Int(part.vector)
      row[index] = Value.replacing(row[index], lanes: part.lanes, with: Scale.excluded)
      masked.add(cvectors_float_replacing(terms[index], ~part.lanes, 0))
      terms[index] = cvectors_float_replacing(terms[index], part.lanes, 0)
      position &+= 1
    }
    return masked.units
  }

  /// exp(ℓ_value − ℓ_reference) for one value.
  @inline(__always)
  func term(_ value: Value, relativeTo reference: Value) -> Double {
    scale.term(value, relativeTo: reference)
  }
}
