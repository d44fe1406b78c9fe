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
    let bits = pointer.loadUnaligned(as: SIMD16<UInt32>.self)
    let outer = (bits &<< 24) | (bits &>> 24)
    let inner = ((bits & 0xFF00) &<< 8) | ((bits &>> 8) & 0xFF00)
    return unsafeBitCast(outer | inner, to: SIMD16<Float>.self)
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
    var bits = pointer.loadUnaligned(as: SIMD16<UInt64>.self)
    bits = (bits &<< 32) | (bits &>> 32)
    bits = ((bits & 0x0000_FFFF_0000_FFFF) &<< 16) | ((bits &>> 16) & 0x0000_FFFF_0000_FFFF)
    bits = ((bits & 0x00FF_00FF_00FF_00FF) &<< 8) | ((bits &>> 8) & 0x00FF_00FF_00FF_00FF)
    return unsafeBitCast(bits, to: SIMD16<Double>.self)
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
    widened(pointer.loadUnaligned(as: SIMD16<UInt16>.self))
  }

  @inline(__always)
  static func widened(_ upper: SIMD16<UInt16>) -> SIMD16<Float> {
    unsafeBitCast(cvectors_widened(upper) &<< 16, to: SIMD16<Float>.self)
  }
}

enum BFloat16BigEndian: ElementDecoder {
  static var stride: Int { 2 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Float> {
    let bits = pointer.loadUnaligned(as: SIMD16<UInt16>.self)
    return BFloat16LittleEndian.widened((bits &<< 8) | (bits &>> 8))
  }
}

enum Float16BigEndian: ElementDecoder {
  static var stride: Int { 2 }

  @inline(__always)
  static func load16(_ pointer: UnsafeRawPointer) -> SIMD16<Float> {
    let bits = pointer.loadUnaligned(as: SIMD16<UInt16>.self)
    return cvectors_floats_from_halves((bits &<< 8) | (bits &>> 8))
  }
}
