import CVectors
import KernelInterface

/// A scalar type that the row kernel computes on: `Float` or `Double`.
///
/// The vector operations are named for each type, since in generic code Swift's SIMD operators are loops over lanes.
protocol KernelValue: SIMDScalar, BinaryFloatingPoint, Codable, Sendable {
  associatedtype Logits: LogitScale where Logits.Value == Self
  associatedtype Probabilities: LogitScale where Probabilities.Value == Self
  /// What comparisons of vectors give: all bits set, or none.
  typealias Lanes = SIMD16<SIMDMaskScalar>

  /// Decodes the row at `pointer`, whose format has values of this type.
  static func load<Scale: LogitScale>(_ pointer: UnsafeRawPointer, into kernel: borrowing RowKernel<Scale>) -> Self?
  where Scale.Value == Self

  /// The bits of the same number as `Double`.
  var bitsAsDouble: UInt64 { get }

  /// A number in all lanes.
  static func repeated(_ value: Self) -> SIMD16<Self>
  /// The larger of two numbers, lane by lane; `a` if `b` is NaN.
  static func maximum(_ a: SIMD16<Self>, _ b: SIMD16<Self>) -> SIMD16<Self>
  static func largest(_ values: SIMD16<Self>) -> Self
  /// The smallest of the values that are above `bound`; infinity if there are none.
  static func smallest(_ values: SIMD16<Self>, above bound: Self) -> Self
  /// Which of the sixteen values at `values` are at least `bound`: lane i is bit i.
  static func lanes(_ values: UnsafeRawPointer, atLeast bound: Self) -> UInt16
  static func lanes(_ values: UnsafeRawPointer, equal value: Self) -> UInt16
  /// `values`, with `other` in the lanes whose bit is set.
  static func replacing(_ values: SIMD16<Self>, lanes bits: UInt16, with other: Self) -> SIMD16<Self>
  /// For each of the sixteen values in `lanes`, how many of the `count` values at `values` are larger.
  static func counts(of values: UnsafePointer<Self>, _ count: Int, above lanes: SIMD16<Self>) -> SIMD16<UInt32>
  /// Whether all bits of all lanes are set.
  static func isAll(_ lanes: Lanes) -> Bool
  /// The lanes that have all bits set: lane i is bit i.
  static func bits(_ lanes: Lanes) -> UInt16
  static func lanes(_ values: SIMD16<Self>, above bound: Self) -> UInt16
  static func lanes(_ a: SIMD16<Self>, equal b: SIMD16<Self>) -> UInt16

  // Rows in lanes: a vector has the values of one cluster, a row's in each lane.

  /// Decodes a row whose format has values of this type, as ``RowPlace/decode(_:count:padding:short:to:)``.
  static func decode(
    _ place: RowPlace, _ format: NumberFormat, count: Int, padding: Self, short: UnsafeMutableRawPointer,
    to row: UnsafeMutablePointer<SIMD16<Self>>)
  /// Turns sixteen vectors over that are `stride` apart: lane i of vector j becomes lane j of vector i.
  static func transpose(
    _ rows: UnsafePointer<SIMD16<Self>>, stride: Int, to columns: UnsafeMutablePointer<SIMD16<Self>>)
  /// Finds the two largest values above `excluded` of each lane, and their clusters: of equals the first.
  static func findTopTwo(
    _ columns: UnsafePointer<SIMD16<Self>>, _ count: Int, above excluded: Self,
    _ values: UnsafeMutablePointer<SIMD16<Self>>, _ clusters: UnsafeMutablePointer<Lanes>)
}

extension Float: KernelValue {
  @inline(__always)
  static func load<Scale: LogitScale>(
    _ pointer: UnsafeRawPointer, into kernel: borrowing RowKernel<Scale>
  ) -> Float? where Scale.Value == Float {
    switch kernel.format {
    case .float16: kernel.load(pointer, Float16LittleEndian.self)
    case .float16BigEndian: kernel.load(pointer, Float16BigEndian.self)
    case .bfloat16: kernel.load(pointer, BFloat16LittleEndian.self)
    case .bfloat16BigEndian: kernel.load(pointer, BFloat16BigEndian.self)
    case .float32: kernel.load(pointer, Float32LittleEndian.self)
    case .float32BigEndian: kernel.load(pointer, Float32BigEndian.self)
    case .float64, .float64BigEndian: preconditionFailure("numbers of double precision are no Float")
    }
  }

  var bitsAsDouble: UInt64 {
    @inline(__always)
    get { Double(self).bitPattern }
  }

  @inline(__always)
  static func repeated(_ value: Float) -> SIMD16<Float> { cvectors_float_repeated(value) }

  @inline(__always)
  static func maximum(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> { cvectors_float_maximum(a, b) }

  @inline(__always)
  static func largest(_ values: SIMD16<Float>) -> Float { cvectors_float_largest(values) }

  @inline(__always)
  static func smallest(_ values: SIMD16<Float>, above bound: Float) -> Float {
    cvectors_float_smallest_above(values, bound)
  }

  @inline(__always)
  static func lanes(_ values: UnsafeRawPointer, atLeast bound: Float) -> UInt16 {
    cvectors_float_at_least(values, bound)
  }

  @inline(__always)
  static func lanes(_ values: UnsafeRawPointer, equal value: Float) -> UInt16 {
    cvectors_float_equal(values, value)
  }

  @inline(__always)
  static func replacing(_ values: SIMD16<Float>, lanes bits: UInt16, with other: Float) -> SIMD16<Float> {
    cvectors_float_replacing(values, bits, other)
  }

  @inline(__always)
  static func counts(
    of values: UnsafePointer<Float>, _ count: Int, above lanes: SIMD16<Float>
  ) -> SIMD16<UInt32> { cvectors_float_counts_above(lanes, values, count) }

  @inline(__always)
  static func isAll(_ lanes: Lanes) -> Bool { cvectors_all(lanes) }

  @inline(__always)
  static func bits(_ lanes: Lanes) -> UInt16 { cvectors_bits(lanes) }

  @inline(__always)
  static func lanes(_ values: SIMD16<Float>, above bound: Float) -> UInt16 { cvectors_float_lanes_above(values, bound) }

  @inline(__always)
  static func lanes(_ a: SIMD16<Float>, equal b: SIMD16<Float>) -> UInt16 { cvectors_float_lanes_equal(a, b) }

  @inline(__always)
  static func decode(
    _ place: RowPlace, _ format: NumberFormat, count: Int, padding: Float, short: UnsafeMutableRawPointer,
    to row: UnsafeMutablePointer<SIMD16<Float>>
  ) {
    switch format {
    case .float16: place.decode(Float16LittleEndian.self, count: count, padding: padding, short: short, to: row)
    case .float16BigEndian: place.decode(Float16BigEndian.self, count: count, padding: padding, short: short, to: row)
    case .bfloat16: place.decode(BFloat16LittleEndian.self, count: count, padding: padding, short: short, to: row)
    case .bfloat16BigEndian: place.decode(BFloat16BigEndian.self, count: count, padding: padding, short: short, to: row)
    case .float32: place.decode(Float32LittleEndian.self, count: count, padding: padding, short: short, to: row)
    case .float32BigEndian: place.decode(Float32BigEndian.self, count: count, padding: padding, short: short, to: row)
    case .float64, .float64BigEndian: preconditionFailure("numbers of double precision are no Float")
    }
  }

  @inline(never)
  static func transpose(
    _ rows: UnsafePointer<SIMD16<Float>>, stride: Int, to columns: UnsafeMutablePointer<SIMD16<Float>>
  ) { cvectors_float_transpose(rows, stride, columns) }

  @inline(__always)
  static func findTopTwo(
    _ columns: UnsafePointer<SIMD16<Float>>, _ count: Int, above excluded: Float,
    _ values: UnsafeMutablePointer<SIMD16<Float>>, _ clusters: UnsafeMutablePointer<Lanes>
  ) { cvectors_float_top_two(columns, count, excluded, values, clusters) }
}

extension Double: KernelValue {
  @inline(__always)
  static func load<Scale: LogitScale>(
    _ pointer: UnsafeRawPointer, into kernel: borrowing RowKernel<Scale>
  ) -> Double? where Scale.Value == Double {
    switch kernel.format {
    case .float64BigEndian: kernel.load(pointer, Float64BigEndian.self)
    default: kernel.load(pointer, Float64LittleEndian.self)
    }
  }

  var bitsAsDouble: UInt64 {
    @inline(__always)
    get { bitPattern }
  }

  @inline(__always)
  static func repeated(_ value: Double) -> SIMD16<Double> { cvectors_double_repeated(value) }

  @inline(__always)
  static func maximum(_ a: SIMD16<Double>, _ b: SIMD16<Double>) -> SIMD16<Double> { cvectors_double_maximum(a, b) }

  @inline(__always)
  static func largest(_ values: SIMD16<Double>) -> Double { cvectors_double_largest(values) }

  @inline(__always)
  static func smallest(_ values: SIMD16<Double>, above bound: Double) -> Double {
    cvectors_double_smallest_above(values, bound)
  }

  @inline(__always)
  static func lanes(_ values: UnsafeRawPointer, atLeast bound: Double) -> UInt16 {
    cvectors_double_at_least(values, bound)
  }

  @inline(__always)
  static func lanes(_ values: UnsafeRawPointer, equal value: Double) -> UInt16 {
    cvectors_double_equal(values, value)
  }

  @inline(__always)
  static func replacing(_ values: SIMD16<Double>, lanes bits: UInt16, with other: Double) -> SIMD16<Double> {
    cvectors_double_replacing(values, bits, other)
  }

  @inline(__always)
  static func counts(
    of values: UnsafePointer<Double>, _ count: Int, above lanes: SIMD16<Double>
  ) -> SIMD16<UInt32> { cvectors_double_counts_above(lanes, values, count) }

  @inline(__always)
  static func isAll(_ lanes: Lanes) -> Bool { cvectors_long_all(lanes) }

  @inline(__always)
  static func bits(_ lanes: Lanes) -> UInt16 { cvectors_long_bits(lanes) }

  @inline(__always)
  static func lanes(_ values: SIMD16<Double>, above bound: Double) -> UInt16 {
    cvectors_double_lanes_above(values, bound)
  }

  @inline(__always)
  static func lanes(_ a: SIMD16<Double>, equal b: SIMD16<Double>) -> UInt16 { cvectors_double_lanes_equal(a, b) }

  @inline(__always)
  static func decode(
    _ place: RowPlace, _ format: NumberFormat, count: Int, padding: Double, short: UnsafeMutableRawPointer,
    to row: UnsafeMutablePointer<SIMD16<Double>>
  ) {
    switch format {
    case .float64BigEndian: place.decode(Float64BigEndian.self, count: count, padding: padding, short: short, to: row)
    default: place.decode(Float64LittleEndian.self, count: count, padding: padding, short: short, to: row)
    }
  }

  @inline(never)
  static func transpose(
    _ rows: UnsafePointer<SIMD16<Double>>, stride: Int, to columns: UnsafeMutablePointer<SIMD16<Double>>
  ) { cvectors_double_transpose(rows, stride, columns) }

  @inline(__always)
  static func findTopTwo(
    _ columns: UnsafePointer<SIMD16<Double>>, _ count: Int, above excluded: Double,
    _ values: UnsafeMutablePointer<SIMD16<Double>>, _ clusters: UnsafeMutablePointer<Lanes>
  ) { cvectors_double_top_two(columns, count, excluded, values, clusters) }
}
