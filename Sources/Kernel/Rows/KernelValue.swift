import CVectors

/// A scalar type that the row kernel computes on: `Float` or `Double`.
///
/// The vector operations are written out for each type, since in generic code Swift's SIMD operators are loops over
/// lanes.
protocol KernelValue: SIMDScalar, BinaryFloatingPoint, Codable, Sendable {
  associatedtype Logits: LogitScale where Logits.Value == Self
  associatedtype Probabilities: LogitScale where Probabilities.Value == Self

  /// The bits of the same number as `Double`.
  var bitsAsDouble: UInt64 { get }

  /// The larger of two numbers, lane by lane; `a` if `b` is NaN.
  static func maximum(_ a: SIMD16<Self>, _ b: SIMD16<Self>) -> SIMD16<Self>
  static func largest(_ values: SIMD16<Self>) -> Self
  static func smallest(_ values: SIMD16<Self>) -> Self
  /// `values`, with infinity in place of those that are not above `bound`.
  static func raising(_ values: SIMD16<Self>, notAbove bound: Self) -> SIMD16<Self>
  /// Which of the sixteen values at `values` are at least `bound`: lane i is bit i.
  static func lanes(_ values: UnsafeRawPointer, atLeast bound: Self) -> UInt16
  static func lanes(_ values: UnsafeRawPointer, equal value: Self) -> UInt16
  /// `values`, with `other` in the lanes whose bit is set.
  static func replacing(_ values: SIMD16<Self>, lanes bits: UInt32, with other: Self) -> SIMD16<Self>
  /// For each of the sixteen values in `lanes`, how many of the `count` values at `values` are larger.
  static func counts(of values: UnsafePointer<Self>, _ count: Int, above lanes: SIMD16<Self>) -> SIMD16<UInt32>
}

extension Float: KernelValue {
  var bitsAsDouble: UInt64 {
    @inline(__always)
    get { Double(self).bitPattern }
  }

  @inline(__always)
  static func maximum(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
    a.replacing(with: b, where: b .> a)
  }

  @inline(__always)
  static func largest(_ values: SIMD16<Float>) -> Float {
    let (a, b) = (values.lowHalf, values.highHalf)
    let eight = a.replacing(with: b, where: b .> a)
    let (c, d) = (eight.lowHalf, eight.highHalf)
    let four = c.replacing(with: d, where: d .> c)
    let (e, f) = (four.lowHalf, four.highHalf)
    let two = e.replacing(with: f, where: f .> e)
    return two[1] > two[0] ? two[1] : two[0]
  }

  @inline(__always)
  static func smallest(_ values: SIMD16<Float>) -> Float { -largest(-values) }

  @inline(__always)
  static func raising(_ values: SIMD16<Float>, notAbove bound: Float) -> SIMD16<Float> {
    values.replacing(with: .infinity, where: values .<= bound)
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
  static func replacing(_ values: SIMD16<Float>, lanes bits: UInt32, with other: Float) -> SIMD16<Float> {
    let bitOfLane = SIMD16<UInt32>(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
    let chosen: SIMD16<UInt32> = bitOfLane & SIMD16<UInt32>(repeating: bits)
    let isReplaced: SIMDMask<SIMD16<Int32>> = chosen .== bitOfLane
    return values.replacing(with: other, where: isReplaced)
  }

  @inline(__always)
  static func counts(of values: UnsafePointer<Float>, _ count: Int, above lanes: SIMD16<Float>) -> SIMD16<
    UInt32
  > {
    var counts = SIMD16<UInt32>(repeating: 0)
    var index = 0
    while index < count {
      // The type is named, since otherwise the compiler takes a slow generic operator.
      let larger: SIMDMask<SIMD16<Int32>> = lanes .< values[index]
      counts = counts &- unsafeBitCast(larger, to: SIMD16<UInt32>.self)
      index &+= 1
    }
    return counts
  }
}

extension Double: KernelValue {
  var bitsAsDouble: UInt64 {
    @inline(__always)
    get { bitPattern }
  }

  @inline(__always)
  static func maximum(_ a: SIMD16<Double>, _ b: SIMD16<Double>) -> SIMD16<Double> {
    a.replacing(with: b, where: b .> a)
  }

  @inline(__always)
  static func largest(_ values: SIMD16<Double>) -> Double {
    let (a, b) = (values.lowHalf, values.highHalf)
    let eight = a.replacing(with: b, where: b .> a)
    let (c, d) = (eight.lowHalf, eight.highHalf)
    let four = c.replacing(with: d, where: d .> c)
    let (e, f) = (four.lowHalf, four.highHalf)
    let two = e.replacing(with: f, where: f .> e)
    return two[1] > two[0] ? two[1] : two[0]
  }

  @inline(__always)
  static func smallest(_ values: SIMD16<Double>) -> Double { -largest(-values) }

  @inline(__always)
  static func raising(_ values: SIMD16<Double>, notAbove bound: Double) -> SIMD16<Double> {
    values.replacing(with: .infinity, where: values .<= bound)
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
  static func replacing(_ values: SIMD16<Double>, lanes bits: UInt32, with other: Double) -> SIMD16<Double> {
    let bitOfLane = SIMD16<UInt64>(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
    let chosen: SIMD16<UInt64> = bitOfLane & SIMD16<UInt64>(repeating: UInt64(bits))
    let isReplaced: SIMDMask<SIMD16<Int64>> = chosen .== bitOfLane
    return values.replacing(with: other, where: isReplaced)
  }

  @inline(__always)
  static func counts(of values: UnsafePointer<Double>, _ count: Int, above lanes: SIMD16<Double>) -> SIMD16<
    UInt32
  > {
    var counts = SIMD16<UInt64>(repeating: 0)
    var index = 0
    while index < count {
      let larger: SIMDMask<SIMD16<Int64>> = lanes .< values[index]
      counts = counts &- unsafeBitCast(larger, to: SIMD16<UInt64>.self)
      index &+= 1
    }
    return cvectors_narrowed(counts)
  }
}
