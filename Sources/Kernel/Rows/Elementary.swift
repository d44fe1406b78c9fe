import CVectors

/// exp(x) for x ≤ 0, to about one unit in the last place of `Float`; 0 below −87.7. NaN stays NaN.
///
/// The range is reduced to |r| ≤ ln 2 / 2, with ln 2 in two parts. Then comes a polynomial of degree 6: of those that
/// begin with 1 + r, the one with the least relative error, 3e-9. Adding 1.5 · 2^23 rounds to the nearest integer and
/// leaves it in the low bits. Plus 127, this is the exponent field of the power of two. At −127 and below the field is
/// 0, and so is the power.
@inline(__always)
func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
  let least = SIMD16<Float>(repeating: -88.02969)
  let isBelow: SIMDMask<SIMD16<Int32>> = x .< least
  let clamped = x.replacing(with: least, where: isBelow)
  let shifter: Float = 0x1.8p23 + 127
  let shifted = clamped * 1.442_695_04 + shifter
  let n = shifted - shifter
  let r = (clamped - n * 0.693_359_375) - n * -2.121_944_40e-4
  // The terms from r² on, in pairs. This takes as many operations as one after another, but less waiting.
  let square = r * r
  let upper = (r * 0x1.123a2p-7 + 0x1.5558f2p-5) + square * 0x1.6a23cep-10
  let polynomial = ((r * 0x1.555492p-3 + 0x1.fffffcp-2) + square * upper) * square + r + 1
  let powerOfTwo = unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23
  return polynomial * unsafeBitCast(powerOfTwo, to: SIMD16<Float>.self)
}

/// exp(x) for x ≤ 0 and not NaN, with the relative error of the vector function. It makes up for the rounding of `x` to
/// `Float`.
@inline(__always)
func exponential(_ x: Double) -> Double {
  guard x >= -87.3 else { return 0 }
  let rounded = Float(x)
  return Double(exponential(SIMD16(repeating: rounded))[0]) * (1 + (x - Double(rounded)))
}

/// exp(x) to a few units in the last place of `Double`; 0 below −708, and exp(709) above that. NaN gives some number.
///
/// As above, with a Taylor polynomial of degree 13, whose error is below 2^-56 for |r| ≤ ln 2 / 2.
@inline(__always)
func preciseExponential(_ x: SIMD16<Double>) -> SIMD16<Double> {
  let isBelow: SIMDMask<SIMD16<Int64>> = x .< -708
  let isAbove: SIMDMask<SIMD16<Int64>> = x .> 709
  let clamped = x.replacing(with: -708, where: isBelow).replacing(with: 709, where: isAbove)
  let shifter: Double = 0x1.8p52 + 1023
  let shifted = clamped * 1.442_695_040_888_963_4 + shifter
  let n = shifted - shifter
  let r = (clamped - n * 0.693_147_180_369_123_816_49) - n * 1.908_214_929_270_587_7e-10
  var polynomial = r * (1.0 / 6_227_020_800) + 1.0 / 479_001_600
  polynomial = polynomial * r + 1.0 / 39_916_800
  polynomial = polynomial * r + 1.0 / 3_628_800
  polynomial = polynomial * r + 1.0 / 362_880
  polynomial = polynomial * r + 1.0 / 40_320
  polynomial = polynomial * r + 1.0 / 5040
  polynomial = polynomial * r + 1.0 / 720
  polynomial = polynomial * r + 1.0 / 120
  polynomial = polynomial * r + 1.0 / 24
  polynomial = polynomial * r + 1.0 / 6
  polynomial = polynomial * r + 0.5
  polynomial = polynomial * r + 1
  polynomial = polynomial * r + 1
  let powerOfTwo = unsafeBitCast(shifted, to: SIMD16<UInt64>.self) &<< 52
  let result = polynomial * unsafeBitCast(powerOfTwo, to: SIMD16<Double>.self)
  return result.replacing(with: 0, where: isBelow)
}

/// log(x) for 0 < x ≤ 1.001, to a few units in the last place of `Double`; −∞ for 0.
///
/// x = m · 2^e with √½ ≤ m < √2, and log m = 2 artanh z with z = (m − 1) / (m + 1). Nine terms of the series are taken;
/// the rest is below 2^-52. Subnormal numbers are scaled into the normal range first.
@inline(__always)
func logarithm(_ x: SIMD16<Double>) -> SIMD16<Double> {
  let isTiny = x .< Double.leastNormalMagnitude
  let scaled = x.replacing(with: x * 0x1p64, where: isTiny)
  // Counted from √½, the exponent field is the number of whole octaves.
  let rootOfHalf: UInt64 = 0x3FE6_A09E_667F_3BCD
  let offset = unsafeBitCast(scaled, to: SIMD16<UInt64>.self) &- rootOfHalf
  let octave = unsafeBitCast(offset, to: SIMD16<Int64>.self) &>> 52
  let m = unsafeBitCast((offset & 0x000F_FFFF_FFFF_FFFF) &+ rootOfHalf, to: SIMD16<Double>.self)
  var e = cvectors_doubles_from_integers(octave)
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

/// A number between 0 and 1 as the nearest multiple of 2^-40; the even one if two are equally near.
///
/// Adding 1.5 · 2^52 rounds the number and leaves the integer in the low bits. So no library function is called.
///
/// `FixedPoint.rounded` in LogitsToHierarchy is the same on purpose, and so is `FixedPoint.one`: modules for different
/// processors share no code with the rest.
@inline(__always)
func fixedPoint(_ value: Double) -> UInt64 {
  let shifter = 0x1.8p52
  return (value * 0x1p40 + shifter).bitPattern &- shifter.bitPattern
}

/// 1, in multiples of 2^-40.
let fixedPointOne: UInt64 = 1 << 40
