// Operations that Swift has no expression for: which lanes of a vector satisfy a comparison, as bits, and what the
// processor can do. They use the compiler's portable vector extensions, and give the same results on all processors.

#ifndef CVECTORS_H
#define CVECTORS_H

#include <stdint.h>
#include <string.h>

typedef float cvectors_float16 __attribute__((ext_vector_type(16), aligned(4)));
typedef double cvectors_double16 __attribute__((ext_vector_type(16), aligned(8)));
typedef float cvectors_float16v __attribute__((ext_vector_type(16)));
typedef double cvectors_double16v __attribute__((ext_vector_type(16)));
typedef int64_t cvectors_long16v __attribute__((ext_vector_type(16)));
typedef uint16_t cvectors_ushort16v __attribute__((ext_vector_type(16)));
typedef uint32_t cvectors_uint16v __attribute__((ext_vector_type(16)));
typedef uint64_t cvectors_ulong16v __attribute__((ext_vector_type(16)));
typedef _Bool cvectors_bool16 __attribute__((ext_vector_type(16)));

#define CVECTORS_INLINE static inline __attribute__((always_inline))

#define CVECTORS_BITS(comparison) \
  cvectors_bool16 lanes = __builtin_convertvector(comparison, cvectors_bool16); \
  uint16_t bits; \
  memcpy(&bits, &lanes, sizeof bits); \
  return bits

/// Which of sixteen numbers are at least `bound`: lane i is bit i.
CVECTORS_INLINE uint16_t cvectors_float_at_least(const void *numbers, float bound) {
  CVECTORS_BITS(*(const cvectors_float16 *)numbers >= bound);
}

/// Which of sixteen numbers equal `number`: lane i is bit i.
CVECTORS_INLINE uint16_t cvectors_float_equal(const void *numbers, float number) {
  CVECTORS_BITS(*(const cvectors_float16 *)numbers == number);
}

CVECTORS_INLINE uint16_t cvectors_double_at_least(const void *numbers, double bound) {
  CVECTORS_BITS(*(const cvectors_double16 *)numbers >= bound);
}

CVECTORS_INLINE uint16_t cvectors_double_equal(const void *numbers, double number) {
  CVECTORS_BITS(*(const cvectors_double16 *)numbers == number);
}

// Conversions. Those of the standard library are generic functions. A program keeps one copy of these for all its
// modules, which is wrong for modules that are compiled for different processors.

CVECTORS_INLINE cvectors_double16v cvectors_doubles_from_floats(cvectors_float16v numbers) {
  return __builtin_convertvector(numbers, cvectors_double16v);
}

CVECTORS_INLINE cvectors_float16v cvectors_floats_from_doubles(cvectors_double16v numbers) {
  return __builtin_convertvector(numbers, cvectors_float16v);
}

CVECTORS_INLINE cvectors_double16v cvectors_doubles_from_integers(cvectors_long16v numbers) {
  return __builtin_convertvector(numbers, cvectors_double16v);
}

CVECTORS_INLINE cvectors_uint16v cvectors_widened(cvectors_ushort16v numbers) {
  return __builtin_convertvector(numbers, cvectors_uint16v);
}

CVECTORS_INLINE cvectors_uint16v cvectors_narrowed(cvectors_ulong16v numbers) {
  return __builtin_convertvector(numbers, cvectors_uint16v);
}

/// Converts half to single precision. This is exact, so both ways to do it give the same: the processor's instruction,
/// in code that is compiled for processors that have one, and integer operations elsewhere.
///
/// Exponent and mantissa are moved to their positions in a single-precision number. The value is then 2^112 times too
/// small, also for subnormal halves; one multiplication corrects that. Infinity and NaN get the full exponent back.
CVECTORS_INLINE cvectors_float16v cvectors_floats_from_halves(cvectors_ushort16v halves) {
#if defined(__F16C__)
  typedef _Float16 half16 __attribute__((ext_vector_type(16)));
  half16 numbers;
  memcpy(&numbers, &halves, sizeof numbers);
  return __builtin_convertvector(numbers, cvectors_float16v);
#else
  cvectors_uint16v bits = __builtin_convertvector(halves, cvectors_uint16v);
  cvectors_uint16v magnitude = (bits & 0x7FFF) << 13;
  cvectors_uint16v special = magnitude | 0x7F800000;
  cvectors_float16v scaled;
  memcpy(&scaled, &magnitude, sizeof scaled);
  scaled *= 0x1p112f;
  cvectors_uint16v isSpecial = (cvectors_uint16v)(scaled >= 0x1p16f);
  cvectors_uint16v value;
  memcpy(&value, &scaled, sizeof value);
  value = (isSpecial & special) | (~isSpecial & value) | ((bits & 0x8000) << 16);
  memcpy(&scaled, &value, sizeof scaled);
  return scaled;
#endif
}

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

#undef CVECTORS_BITS
#undef CVECTORS_INLINE

#endif
