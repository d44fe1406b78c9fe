import CVectors

/// Decodes logits of one format, sixteen neighbouring ones at once.
///
/// Rows are decoded one by one on the way into the row kernel's own buffer, so that a block needs no second copy.
/// 16-bit floats become `Float`, which holds each of their values exactly.
protocol ElementDecoder: Sendable {
  associatedtype Value: SIMDScalar & BinaryFloatingPoint & Sendable

  /// The number of bytes from one element to the next.
  static var stride: Int { get }

  /// The sixteen elements from `pointer` on. The pointer needs no alignment.
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Value>
}

enum Float32LittleEndian: ElementDecoder {
  static var stride: Int { 4 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Float> {
    pointer.loadUnaligned(as: SIMD16<Float>.self)
  }
}

enum Float32BigEndian: ElementDecoder {
  static var stride: Int { 4 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Float> {
    unsafeBitCast(cvectors_swapped_32(pointer.loadUnaligned(as: SIMD16<UInt32>.self)), to: SIMD16<Float>.self)
  }
}

enum Float64LittleEndian: ElementDecoder {
  static var stride: Int { 8 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Double> {
    pointer.loadUnaligned(as: SIMD16<Double>.self)
  }
}

enum Float64BigEndian: ElementDecoder {
  static var stride: Int { 8 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Double> {
    unsafeBitCast(cvectors_swapped_64(pointer.loadUnaligned(as: SIMD16<UInt64>.self)), to: SIMD16<Double>.self)
  }
}

enum Float16LittleEndian: ElementDecoder {
  static var stride: Int { 2 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Float> {
    cvectors_floats_from_halves(pointer.loadUnaligned(as: SIMD16<UInt16>.self))
  }
}

/// The upper half of a single-precision number.
enum BFloat16LittleEndian: ElementDecoder {
  static var stride: Int { 2 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Float> {
    cvectors_floats_from_upper_halves(pointer.loadUnaligned(as: SIMD16<UInt16>.self))
  }
}

enum BFloat16BigEndian: ElementDecoder {
  static var stride: Int { 2 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Float> {
    cvectors_floats_from_upper_halves(cvectors_swapped_16(pointer.loadUnaligned(as: SIMD16<UInt16>.self)))
  }
}

enum Float16BigEndian: ElementDecoder {
  static var stride: Int { 2 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Float> {
    cvectors_floats_from_halves(cvectors_swapped_16(pointer.loadUnaligned(as: SIMD16<UInt16>.self)))
  }
}
