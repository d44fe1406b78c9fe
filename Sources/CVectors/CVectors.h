// Operations on vectors of sixteen numbers, and what the processor can do.
//
// They use the compiler's portable vector extensions, and give the same bits on all processors: nothing is fused. In Swift the
// operators of vectors are loops over lanes, which the optimizer has to put together again; here they are what they say from
// the start, which compiles in a quarter of the time.

#ifndef CVECTORS_H
#define CVECTORS_H

#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef float cvectors_float16 __attribute__((ext_vector_type(16)));
typedef double cvectors_double16 __attribute__((ext_vector_type(16)));
typedef int32_t cvectors_int16 __attribute__((ext_vector_type(16)));
typedef int64_t cvectors_long16 __attribute__((ext_vector_type(16)));
typedef uint16_t cvectors_ushort16 __attribute__((ext_vector_type(16)));
typedef uint32_t cvectors_uint16 __attribute__((ext_vector_type(16)));
typedef uint64_t cvectors_ulong16 __attribute__((ext_vector_type(16)));
typedef _Bool cvectors_bool16 __attribute__((ext_vector_type(16)));
// One number as a vector, so that the same source does to one what it does to sixteen.
typedef float cvectors_float1 __attribute__((ext_vector_type(1)));
typedef double cvectors_double1 __attribute__((ext_vector_type(1)));
typedef int32_t cvectors_int1 __attribute__((ext_vector_type(1)));
typedef int64_t cvectors_long1 __attribute__((ext_vector_type(1)));
typedef uint32_t cvectors_uint1 __attribute__((ext_vector_type(1)));
// Sixteen at any address of an element.
typedef float cvectors_floats __attribute__((ext_vector_type(16), aligned(4)));
typedef double cvectors_doubles __attribute__((ext_vector_type(16), aligned(8)));

#define CVECTORS_INLINE static inline __attribute__((always_inline))

// MARK: Memory

/// Has the processor fetch so many bytes, for who reads them soon.
CVECTORS_INLINE void cvectors_prefetch(const void *start, long count) {
  for (long offset = 0; offset < count; offset += 64) __builtin_prefetch((const char *)start + offset);
}

// MARK: Comparisons

CVECTORS_INLINE uint16_t cvectors_bits(cvectors_int16 comparison) {
  cvectors_bool16 lanes = __builtin_convertvector(comparison, cvectors_bool16);
  uint16_t bits;
  memcpy(&bits, &lanes, sizeof bits);
  return bits;
}

CVECTORS_INLINE uint16_t cvectors_long_bits(cvectors_long16 comparison) {
  cvectors_bool16 lanes = __builtin_convertvector(comparison, cvectors_bool16);
  uint16_t bits;
  memcpy(&bits, &lanes, sizeof bits);
  return bits;
}

/// Which of sixteen numbers are at least `bound`: lane i is bit i.
CVECTORS_INLINE uint16_t cvectors_float_at_least(const void *numbers, float bound) {
  return cvectors_bits(*(const cvectors_floats *)numbers >= bound);
}

/// Which of sixteen numbers equal `number`: lane i is bit i.
CVECTORS_INLINE uint16_t cvectors_float_equal(const void *numbers, float number) {
  return cvectors_bits(*(const cvectors_floats *)numbers == number);
}

CVECTORS_INLINE uint16_t cvectors_double_at_least(const void *numbers, double bound) {
  return cvectors_long_bits(*(const cvectors_doubles *)numbers >= bound);
}

CVECTORS_INLINE uint16_t cvectors_double_equal(const void *numbers, double number) {
  return cvectors_long_bits(*(const cvectors_doubles *)numbers == number);
}

/// Which of sixteen numbers are above `bound`, or equal their counterparts: lane i is bit i.
CVECTORS_INLINE uint16_t cvectors_float_lanes_above(cvectors_float16 numbers, float bound) {
  return cvectors_bits(numbers > bound);
}

CVECTORS_INLINE uint16_t cvectors_float_lanes_equal(cvectors_float16 a, cvectors_float16 b) { return cvectors_bits(a == b); }

CVECTORS_INLINE uint16_t cvectors_double_lanes_above(cvectors_double16 numbers, double bound) {
  return cvectors_long_bits(numbers > bound);
}

CVECTORS_INLINE uint16_t cvectors_double_lanes_equal(cvectors_double16 a, cvectors_double16 b) {
  return cvectors_long_bits(a == b);
}

/// `valid`, without the lanes whose number is infinity or NaN.
CVECTORS_INLINE cvectors_int16 cvectors_float_below_infinity(cvectors_int16 valid, cvectors_float16 numbers) {
  return valid & (numbers < __builtin_inff());
}

CVECTORS_INLINE cvectors_long16 cvectors_double_below_infinity(cvectors_long16 valid, cvectors_double16 numbers) {
  return valid & (numbers < __builtin_inf());
}

/// `valid`, without the lanes whose number is not from 0 to `most`.
CVECTORS_INLINE cvectors_int16 cvectors_float_within(cvectors_int16 valid, cvectors_float16 numbers, float most) {
  return valid & (numbers >= 0.0f) & (numbers <= most);
}

CVECTORS_INLINE cvectors_long16 cvectors_double_within(cvectors_long16 valid, cvectors_double16 numbers, double most) {
  return valid & (numbers >= 0.0) & (numbers <= most);
}

/// Whether all bits of all lanes are set.
CVECTORS_INLINE _Bool cvectors_all(cvectors_int16 valid) { return cvectors_bits(valid) == 0xFFFF; }

CVECTORS_INLINE _Bool cvectors_long_all(cvectors_long16 valid) { return cvectors_long_bits(valid) == 0xFFFF; }

// MARK: Maxima

/// The larger of two numbers, lane by lane; `a` if `b` is NaN.
CVECTORS_INLINE cvectors_float16 cvectors_float_maximum(cvectors_float16 a, cvectors_float16 b) {
  return b > a ? b : a;
}

CVECTORS_INLINE cvectors_double16 cvectors_double_maximum(cvectors_double16 a, cvectors_double16 b) {
  return b > a ? b : a;
}

#define CVECTORS_LARGEST(type) \
  type##8 eight = numbers.hi > numbers.lo ? numbers.hi : numbers.lo; \
  type##4 four = eight.hi > eight.lo ? eight.hi : eight.lo; \
  type##2 two = four.hi > four.lo ? four.hi : four.lo; \
  return two.y > two.x ? two.y : two.x

typedef float cvectors_float8 __attribute__((ext_vector_type(8)));
typedef float cvectors_float4 __attribute__((ext_vector_type(4)));
typedef float cvectors_float2 __attribute__((ext_vector_type(2)));
typedef double cvectors_double8 __attribute__((ext_vector_type(8)));
typedef double cvectors_double4 __attribute__((ext_vector_type(4)));
typedef double cvectors_double2 __attribute__((ext_vector_type(2)));

/// The largest of sixteen numbers.
CVECTORS_INLINE float cvectors_float_largest(cvectors_float16 numbers) { CVECTORS_LARGEST(cvectors_float); }

CVECTORS_INLINE double cvectors_double_largest(cvectors_double16 numbers) { CVECTORS_LARGEST(cvectors_double); }

/// The smallest of the numbers that are above `bound`; infinity if there are none.
CVECTORS_INLINE float cvectors_float_smallest_above(cvectors_float16 numbers, float bound) {
  return -cvectors_float_largest(numbers > bound ? -numbers : (cvectors_float16)-__builtin_inff());
}

CVECTORS_INLINE double cvectors_double_smallest_above(cvectors_double16 numbers, double bound) {
  return -cvectors_double_largest(numbers > bound ? -numbers : (cvectors_double16)-__builtin_inf());
}

/// For each of sixteen numbers, how many of the `count` numbers at `others` are larger.
CVECTORS_INLINE cvectors_uint16 cvectors_float_counts_above(cvectors_float16 numbers, const float *others, long count) {
  cvectors_int16 counts = 0;
  for (long index = 0; index < count; index++) counts -= numbers < others[index];
  return __builtin_convertvector(counts, cvectors_uint16);
}

CVECTORS_INLINE cvectors_uint16 cvectors_double_counts_above(
    cvectors_double16 numbers, const double *others, long count) {
  cvectors_long16 counts = 0;
  for (long index = 0; index < count; index++) counts -= numbers < others[index];
  return __builtin_convertvector(counts, cvectors_uint16);
}

// MARK: Choosing lanes

/// `number` in all lanes.
CVECTORS_INLINE cvectors_float16 cvectors_float_repeated(float number) { return number; }

CVECTORS_INLINE cvectors_double16 cvectors_double_repeated(double number) { return number; }

/// All bits of the lanes whose bit is set.
CVECTORS_INLINE cvectors_int16 cvectors_chosen(uint16_t bits) {
  cvectors_bool16 lanes;
  memcpy(&lanes, &bits, sizeof bits);
  return -__builtin_convertvector(lanes, cvectors_int16);
}

CVECTORS_INLINE cvectors_long16 cvectors_long_chosen(uint16_t bits) {
  cvectors_bool16 lanes;
  memcpy(&lanes, &bits, sizeof bits);
  return -__builtin_convertvector(lanes, cvectors_long16);
}

/// `numbers`, with `other` in the lanes whose bit is set.
CVECTORS_INLINE cvectors_float16 cvectors_float_replacing(cvectors_float16 numbers, uint16_t bits, float other) {
  return cvectors_chosen(bits) ? (cvectors_float16)other : numbers;
}

CVECTORS_INLINE cvectors_double16 cvectors_double_replacing(cvectors_double16 numbers, uint16_t bits, double other) {
  return cvectors_long_chosen(bits) ? (cvectors_double16)other : numbers;
}

// MARK: Conversions

CVECTORS_INLINE cvectors_double16 cvectors_doubles_from_floats(cvectors_float16 numbers) {
  return __builtin_convertvector(numbers, cvectors_double16);
}

CVECTORS_INLINE cvectors_float16 cvectors_floats_from_doubles(cvectors_double16 numbers) {
  return __builtin_convertvector(numbers, cvectors_float16);
}

/// The upper halves of single-precision numbers, made whole.
CVECTORS_INLINE cvectors_float16 cvectors_floats_from_upper_halves(cvectors_ushort16 halves) {
  cvectors_uint16 bits = __builtin_convertvector(halves, cvectors_uint16) << 16;
  cvectors_float16 numbers;
  memcpy(&numbers, &bits, sizeof numbers);
  return numbers;
}

/// Converts half to single precision. This is exact, so both ways to do it give the same: the processor's instruction,
/// in code that is compiled for processors that have one, and integer operations elsewhere.
///
/// Exponent and mantissa are moved to their positions in a single-precision number. The value is then 2^112 times too
/// small, also for subnormal halves; one multiplication corrects that. Infinity and NaN get the full exponent back.
CVECTORS_INLINE cvectors_float16 cvectors_floats_from_halves(cvectors_ushort16 halves) {
#if defined(__F16C__)
  typedef _Float16 half16 __attribute__((ext_vector_type(16)));
  half16 numbers;
  memcpy(&numbers, &halves, sizeof numbers);
  return __builtin_convertvector(numbers, cvectors_float16);
#else
  cvectors_uint16 bits = __builtin_convertvector(halves, cvectors_uint16);
  cvectors_uint16 magnitude = (bits & 0x7FFF) << 13;
  cvectors_uint16 special = magnitude | 0x7F800000;
  cvectors_float16 scaled;
  memcpy(&scaled, &magnitude, sizeof scaled);
  scaled *= 0x1p112f;
  cvectors_uint16 isSpecial = (cvectors_uint16)(scaled >= 0x1p16f);
  cvectors_uint16 value;
  memcpy(&value, &scaled, sizeof value);
  value = (isSpecial & special) | (~isSpecial & value) | ((bits & 0x8000) << 16);
  memcpy(&scaled, &value, sizeof scaled);
  return scaled;
#endif
}

/// Sixteen numbers of two, four or eight bytes with their bytes in the other order.
CVECTORS_INLINE cvectors_ushort16 cvectors_swapped_16(cvectors_ushort16 bits) { return (bits << 8) | (bits >> 8); }

CVECTORS_INLINE cvectors_uint16 cvectors_swapped_32(cvectors_uint16 bits) {
  return (bits << 24) | (bits >> 24) | ((bits & 0xFF00) << 8) | ((bits >> 8) & 0xFF00);
}

CVECTORS_INLINE cvectors_ulong16 cvectors_swapped_64(cvectors_ulong16 bits) {
  bits = (bits << 32) | (bits >> 32);
  bits = ((bits & 0x0000FFFF0000FFFF) << 16) | ((bits >> 16) & 0x0000FFFF0000FFFF);
  return ((bits & 0x00FF00FF00FF00FF) << 8) | ((bits >> 8) & 0x00FF00FF00FF00FF);
}

// MARK: Exponential and logarithm

/// exp(x) for x ≤ 0, to about one unit in the last place of `float`; 0 below −87.7. NaN stays NaN. `x` are up to four vectors.
///
/// The range is reduced to |r| ≤ ln 2 / 2, with ln 2 in two parts. Then comes a polynomial of degree 6: of those that
/// begin with 1 + r, the one with the least relative error, 3e-9. Adding 1.5 · 2^23 rounds to the nearest integer and
/// leaves it in the low bits. Plus 127, this is the exponent field of the power of two. At −127 and below the field is
/// 0, and so is the power.
///
/// A step has to wait for the one before, so each is done for all vectors in turn: a processor doesn't look so far ahead that it
/// would find the next vector by itself.
#define CVECTORS_EACH for (int i = 0; i < count; i++)
#define CVECTORS_EXPONENTIALS(name, floats, uints) \
  CVECTORS_INLINE void name(floats *x, int count) { \
    const float least = -88.02969f, shifter = 0x1.8p23f + 127.0f; \
    floats shifted[4], n[4], r[4], square[4], upper[4], polynomial[4]; \
    CVECTORS_EACH x[i] = least > x[i] ? (floats)least : x[i]; \
    CVECTORS_EACH shifted[i] = x[i] * 1.44269504f + shifter; \
    CVECTORS_EACH n[i] = shifted[i] - shifter; \
    CVECTORS_EACH r[i] = (x[i] - n[i] * 0.693359375f) - n[i] * -2.12194440e-4f; \
    /* The terms from r² on, in pairs. This takes as many operations as one after another, but less waiting. */ \
    CVECTORS_EACH square[i] = r[i] * r[i]; \
    CVECTORS_EACH upper[i] = (r[i] * 0x1.123a2p-7f + 0x1.5558f2p-5f) + square[i] * 0x1.6a23cep-10f; \
    CVECTORS_EACH polynomial[i] = (r[i] * 0x1.555492p-3f + 0x1.fffffcp-2f) + square[i] * upper[i]; \
    CVECTORS_EACH polynomial[i] = polynomial[i] * square[i] + r[i] + 1.0f; \
    CVECTORS_EACH x[i] = polynomial[i] * (floats)((uints)shifted[i] << 23); \
  }
CVECTORS_EXPONENTIALS(cvectors_exponentials, cvectors_float16, cvectors_uint16)
CVECTORS_EXPONENTIALS(cvectors_exponentials_of_one, cvectors_float1, cvectors_uint1)
#undef CVECTORS_EXPONENTIALS
#undef CVECTORS_EACH

/// The same of one vector.
CVECTORS_INLINE cvectors_float16 cvectors_exponential(cvectors_float16 x) {
  cvectors_exponentials(&x, 1);
  return x;
}

/// exp(x) to a few units in the last place of `double`; 0 below −708, and exp(709) above that. NaN gives some number.
///
/// As above, with a Taylor polynomial of degree 13, whose error is below 2^-56 for |r| ≤ ln 2 / 2.
CVECTORS_INLINE cvectors_double16 cvectors_precise_exponential(cvectors_double16 x) {
  const double shifter = 0x1.8p52 + 1023;
  cvectors_double16 clamped = cvectors_double_maximum(x, -708.0);
  clamped = clamped > 709.0 ? (cvectors_double16)709.0 : clamped;
  cvectors_double16 shifted = clamped * 1.4426950408889634 + shifter;
  cvectors_double16 n = shifted - shifter;
  cvectors_double16 r = (clamped - n * 0.69314718036912381649) - n * 1.9082149292705877e-10;
  cvectors_double16 polynomial = r * (1.0 / 6227020800) + 1.0 / 479001600;
  polynomial = polynomial * r + 1.0 / 39916800;
  polynomial = polynomial * r + 1.0 / 3628800;
  polynomial = polynomial * r + 1.0 / 362880;
  polynomial = polynomial * r + 1.0 / 40320;
  polynomial = polynomial * r + 1.0 / 5040;
  polynomial = polynomial * r + 1.0 / 720;
  polynomial = polynomial * r + 1.0 / 120;
  polynomial = polynomial * r + 1.0 / 24;
  polynomial = polynomial * r + 1.0 / 6;
  polynomial = polynomial * r + 0.5;
  polynomial = polynomial * r + 1.0;
  polynomial = polynomial * r + 1.0;
  cvectors_ulong16 field;
  memcpy(&field, &shifted, sizeof field);
  field <<= 52;
  cvectors_double16 power;
  memcpy(&power, &field, sizeof power);
  return x < -708.0 ? (cvectors_double16)0.0 : polynomial * power;
}

/// log(x) for 0 < x ≤ 1.001, to a few units in the last place of `double`; −∞ for 0.
///
/// x = m · 2^e with √½ ≤ m < √2, and log m = 2 artanh z with z = (m − 1) / (m + 1). Nine terms of the series are taken;
/// the rest is below 2^-52. Subnormal numbers are scaled into the normal range first.
CVECTORS_INLINE cvectors_double16 cvectors_logarithm(cvectors_double16 x) {
  cvectors_double16 scaled = x < 0x1p-1022 ? x * 0x1p64 : x;
  // Counted from √½, the exponent field is the number of whole octaves.
  const uint64_t rootOfHalf = 0x3FE6A09E667F3BCD;
  cvectors_ulong16 offset;
  memcpy(&offset, &scaled, sizeof offset);
  offset -= rootOfHalf;
  cvectors_double16 e = __builtin_convertvector((cvectors_long16)offset >> 52, cvectors_double16);
  e = x < 0x1p-1022 ? e - 64.0 : e;
  cvectors_ulong16 bits = (offset & 0x000FFFFFFFFFFFFF) + rootOfHalf;
  cvectors_double16 m;
  memcpy(&m, &bits, sizeof m);
  cvectors_double16 z = (m - 1.0) / (m + 1.0);
  cvectors_double16 square = z * z;
  cvectors_double16 series = square * (1.0 / 17) + 1.0 / 15;
  series = series * square + 1.0 / 13;
  series = series * square + 1.0 / 11;
  series = series * square + 1.0 / 9;
  series = series * square + 1.0 / 7;
  series = series * square + 1.0 / 5;
  series = series * square + 1.0 / 3;
  series = series * square * z + z;
  cvectors_double16 result = series * 2.0 + e * 0.693147180559945309;
  return x == 0.0 ? (cvectors_double16)-__builtin_inf() : result;
}

// MARK: Softmax terms

/// (numbers − references) / divisor, lane by lane.
CVECTORS_INLINE cvectors_float16 cvectors_float_exponents(
    cvectors_float16 numbers, cvectors_float16 references, float divisor) {
  return (numbers - references) / divisor;
}

/// Nothing is divided by 1, which would take as long as by any other number.
CVECTORS_INLINE cvectors_double16 cvectors_double_exponents(
    cvectors_double16 numbers, cvectors_double16 references, double divisor) {
  cvectors_double16 differences = numbers - references;
  return divisor == 1.0 ? differences : differences / divisor;
}

/// exp(number − reference), lane by lane, of the four vectors at `numbers`, to those at `terms`.
///
/// Four at a time have no room in sixteen registers.
CVECTORS_INLINE void cvectors_float_terms(const void *numbers, cvectors_float16 references, void *terms) {
#if defined(__AVX512F__)
  const int step = 4;
#else
  const int step = 2;
#endif
  for (int start = 0; start < 4; start += step) {
    cvectors_float16 x[4];
    for (int i = 0; i < step; i++) x[i] = ((const cvectors_float16 *)numbers)[start + i] - references;
    cvectors_exponentials(x, step);
    for (int i = 0; i < step; i++) ((cvectors_float16 *)terms)[start + i] = x[i];
  }
}

/// a − b, lane by lane.
CVECTORS_INLINE cvectors_float16 cvectors_float_differences(cvectors_float16 a, cvectors_float16 b) { return a - b; }

CVECTORS_INLINE cvectors_double16 cvectors_double_differences(cvectors_double16 a, cvectors_double16 b) { return a - b; }

/// a / b, lane by lane.
CVECTORS_INLINE cvectors_float16 cvectors_float_quotients(cvectors_float16 a, cvectors_float16 b) { return a / b; }

CVECTORS_INLINE cvectors_double16 cvectors_double_quotients(cvectors_double16 a, cvectors_double16 b) { return a / b; }

/// (log p − log p_reference) / temperature, lane by lane.
CVECTORS_INLINE cvectors_double16 cvectors_logarithmic_exponents(
    cvectors_double16 probabilities, cvectors_double16 references, double temperature) {
  return (cvectors_logarithm(probabilities) - cvectors_logarithm(references)) / temperature;
}

/// exp(x) for x ≤ 0, with the relative error of the single-precision function. It makes up for the rounding of `x` to
/// `float`. 0 below −87.3, and for NaN.
#define CVECTORS_CORRECTED(name, exponentials, floats, doubles) \
  CVECTORS_INLINE doubles name(doubles x) { \
    floats rounded = __builtin_convertvector(x, floats); \
    floats power = rounded; \
    exponentials(&power, 1); \
    doubles corrected = \
        __builtin_convertvector(power, doubles) * (1.0 + (x - __builtin_convertvector(rounded, doubles))); \
    return x >= -87.3 ? corrected : (doubles)0.0; \
  }
CVECTORS_CORRECTED(cvectors_corrected_exponential, cvectors_exponentials, cvectors_float16, cvectors_double16)
CVECTORS_CORRECTED(cvectors_corrected_one, cvectors_exponentials_of_one, cvectors_float1, cvectors_double1)
#undef CVECTORS_CORRECTED

CVECTORS_INLINE double cvectors_corrected_exponential_of_one(double x) { return cvectors_corrected_one(x)[0]; }

/// |number| · mass, lane by lane, and 0 where the mass is 0.
CVECTORS_INLINE cvectors_double16 cvectors_sizes(cvectors_double16 numbers, cvectors_double16 masses) {
  cvectors_double16 magnitudes = numbers < 0.0 ? 0.0 - numbers : numbers;
  return (masses == 0.0 ? (cvectors_double16)0.0 : magnitudes) * masses;
}

// MARK: Sums

/// a + b, lane by lane.
CVECTORS_INLINE cvectors_double16 cvectors_sums(cvectors_double16 a, cvectors_double16 b) { return a + b; }

/// a · b, lane by lane.
CVECTORS_INLINE cvectors_double16 cvectors_products(cvectors_double16 a, cvectors_double16 b) { return a * b; }

/// The sum of sixteen numbers, in an order of its own.
CVECTORS_INLINE double cvectors_total(cvectors_double16 numbers) {
  cvectors_double8 eight = numbers.lo + numbers.hi;
  cvectors_double4 four = eight.lo + eight.hi;
  cvectors_double2 two = four.lo + four.hi;
  return two.x + two.y;
}

/// Adds numbers from 0 to 1 to sums, lane by lane, in units that are left in the low bits when a number is added to `shifter`.
///
/// So each adds the bits of `shifter`, too. All is modulo 2^64.
CVECTORS_INLINE cvectors_ulong16 cvectors_adding_units(
    cvectors_ulong16 sums, cvectors_float16 numbers, double shifter) {
  cvectors_double16 shifted = __builtin_convertvector(numbers, cvectors_double16) + shifter;
  cvectors_ulong16 bits;
  memcpy(&bits, &shifted, sizeof bits);
  return sums + bits;
}

/// The sum of sixteen sums, modulo 2^64.
CVECTORS_INLINE uint64_t cvectors_unit_total(cvectors_ulong16 sums) { return __builtin_reduce_add(sums); }

/// The units of numbers, lane by lane.
CVECTORS_INLINE cvectors_ulong16 cvectors_units(cvectors_double16 numbers, double shifter) {
  cvectors_double16 shifted = numbers + shifter, none = shifter;
  cvectors_ulong16 bits, zero;
  memcpy(&bits, &shifted, sizeof bits);
  memcpy(&zero, &none, sizeof zero);
  return bits - zero;
}

/// What units stand for, lane by lane.
CVECTORS_INLINE cvectors_double16 cvectors_unit_values(cvectors_ulong16 units, double size) {
  return __builtin_convertvector((cvectors_long16)units, cvectors_double16) * size;
}

/// all − part − shifters, lane by lane, modulo 2^64, where a part is what a sum had become at `end`, and was at `start`.
CVECTORS_INLINE cvectors_ulong16 cvectors_units_outside(
    cvectors_ulong16 all, cvectors_ulong16 start, cvectors_ulong16 end, uint64_t shifters) {
  return all - (end - start) - shifters;
}

/// 1 / number, lane by lane.
CVECTORS_INLINE cvectors_double16 cvectors_inverses(cvectors_double16 numbers) { return 1.0 / numbers; }

/// s / (1 + s), lane by lane.
CVECTORS_INLINE cvectors_double16 cvectors_doubts(cvectors_double16 others) { return others / (1.0 + others); }

/// What `own` is of sums in which it takes the place of `kept`, lane by lane, all in units of some size.
CVECTORS_INLINE cvectors_double16 cvectors_unit_shares(
    cvectors_ulong16 own, cvectors_ulong16 sums, cvectors_ulong16 kept, double size) {
  return cvectors_unit_values(own, size) / cvectors_unit_values(sums - kept + own, size);
}

/// The lowest of the numbers highest, highest − rung, highest − 2 · rung, … that is not below `number`, lane by lane; `number`
/// itself where that can't be told.
///
/// Mostly that is `highest`, and there is nothing to divide.
#define CVECTORS_RUNGS(name, doubles, longs, ints, isAll) \
  CVECTORS_INLINE doubles name(doubles numbers, doubles highest, double rung) { \
    doubles distance = highest - numbers; \
    longs isTold = (distance >= 0.0) & (highest < 0x1p17) & (highest > -0x1p17); \
    if (isAll(isTold & (distance < rung))) return highest; \
    doubles count = distance / rung; \
    isTold &= count < 0x1p20; \
    /* What can't be told may be too large for an integer. */ \
    doubles whole = __builtin_convertvector( \
        __builtin_convertvector(isTold ? count : (doubles)0.0, ints), doubles); \
    return isTold ? highest - whole * rung : numbers; \
  }
#define CVECTORS_ALL_SIXTEEN(lanes) (cvectors_long_bits(lanes) == 0xFFFF)
#define CVECTORS_THE_ONE(lanes) ((lanes)[0] != 0)
CVECTORS_RUNGS(cvectors_rungs, cvectors_double16, cvectors_long16, cvectors_int16, CVECTORS_ALL_SIXTEEN)
CVECTORS_RUNGS(cvectors_one_rung, cvectors_double1, cvectors_long1, cvectors_int1, CVECTORS_THE_ONE)
#undef CVECTORS_RUNGS
#undef CVECTORS_ALL_SIXTEEN
#undef CVECTORS_THE_ONE

CVECTORS_INLINE double cvectors_rung_of_one(double number, double highest, double rung) {
  return cvectors_one_rung(number, highest, rung)[0];
}

// MARK: Rows in lanes

/// Sixteen vectors, `stride` apart, turned over: lane i of vector j becomes lane j of vector i.
///
/// Four times, vectors are put together with those eight further on, lane by lane.
#define CVECTORS_TRANSPOSE(vector) \
  vector a[16], b[16]; \
  for (int i = 0; i < 16; i++) a[i] = ((const vector *)rows)[i * stride]; \
  for (int round = 0; round < 4; round++) { \
    for (int i = 0; i < 8; i++) { \
      b[2 * i] = __builtin_shufflevector( \
          a[i], a[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23); \
      b[2 * i + 1] = __builtin_shufflevector( \
          a[i], a[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31); \
    } \
    for (int i = 0; i < 16; i++) a[i] = b[i]; \
  } \
  for (int i = 0; i < 16; i++) ((vector *)columns)[i] = a[i]

CVECTORS_INLINE void cvectors_float_transpose(
    const void *rows, long stride, void *columns) { CVECTORS_TRANSPOSE(cvectors_float16); }

CVECTORS_INLINE void cvectors_double_transpose(
    const void *rows, long stride, void *columns) { CVECTORS_TRANSPOSE(cvectors_double16); }

/// The two largest numbers above `excluded` of each lane, and the numbers of their columns: of equal ones the first. Where there
/// is none it is `excluded`.
#define CVECTORS_TOP_TWO(vector, index) \
  vector first = excluded, second = excluded; \
  index firstColumn = 0, secondColumn = 0; \
  for (long column = 0; column < count; column++) { \
    vector number = ((const vector *)columns)[column]; \
    index isFirst = number > first, isSecond = number > second; \
    second = isFirst ? first : isSecond ? number : second; \
    secondColumn = isFirst ? firstColumn : isSecond ? (index)column : secondColumn; \
    first = isFirst ? number : first; \
    firstColumn = isFirst ? (index)column : firstColumn; \
  } \
  ((vector *)largest)[0] = first; \
  ((vector *)largest)[1] = second; \
  ((index *)largestColumns)[0] = firstColumn; \
  ((index *)largestColumns)[1] = secondColumn

CVECTORS_INLINE void cvectors_float_top_two(
    const void *columns, long count, float excluded, void *largest, void *largestColumns) { CVECTORS_TOP_TWO(cvectors_float16, cvectors_int16); }

CVECTORS_INLINE void cvectors_double_top_two(
    const void *columns, long count, double excluded, void *largest, void *largestColumns) { CVECTORS_TOP_TWO(cvectors_double16, cvectors_long16); }

/// Which of sixteen numbers are at least `low` and below `high`: lane i is bit i.
CVECTORS_INLINE uint16_t cvectors_within(cvectors_int16 numbers, int32_t low, int32_t high) {
  return cvectors_bits((numbers >= low) & (numbers < high));
}

// MARK: The processor

/// The highest level of the x86-64 instruction set (1 to 4) that processor and system support; 0 elsewhere.
static inline int cvectors_x86_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 4;
  if (__builtin_cpu_supports("x86-64-v3")) return 3;
  return 1;
#else
  return 0;
#endif
}

#undef CVECTORS_LARGEST
#undef CVECTORS_TRANSPOSE
#undef CVECTORS_TOP_TWO
#undef CVECTORS_INLINE

#endif
