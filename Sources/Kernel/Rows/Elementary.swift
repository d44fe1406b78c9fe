import CVectors

/// exp(x) for x ≤ 0, to about one unit in the last place of `Float`; 0 below −87.7. NaN stays NaN.
@inline(__always)
func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> { cvectors_exponential(x) }

/// exp(x) for x ≤ 0, with the relative error of the vector function. It makes up for the rounding of `x` to `Float`.
@inline(__always)
func exponential(_ x: Double) -> Double { cvectors_corrected_exponential_of_one(x) }

/// exp(x) to a few units in the last place of `Double`; 0 below −708, and exp(709) above that. NaN gives some number.
@inline(__always)
func preciseExponential(_ x: SIMD16<Double>) -> SIMD16<Double> { cvectors_precise_exponential(x) }

/// log(x) for 0 < x ≤ 1.001, to a few units in the last place of `Double`; −∞ for 0.
@inline(__always)
func logarithm(_ x: SIMD16<Double>) -> SIMD16<Double> { cvectors_logarithm(x) }

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
