import HDF5

/// A floating-point type and byte order in which logits can be read.
public struct LogitFormat: Sendable, Hashable, Codable, CustomStringConvertible {
  public enum Precision: String, Sendable, Hashable, Codable, CaseIterable { case float16, bfloat16, float32, float64 }

  public let precision: Precision
  public let isBigEndian: Bool

  /// The number of bytes in one logit.
  public var byteCount: Int {
    switch precision {
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64: 8
    }
  }

  /// The name of the type in NumPy and PyTorch, after "big-endian" if that is its byte order.
  public var description: String { (isBigEndian ? "big-endian " : "") + precision.rawValue }

  public init(precision: Precision, isBigEndian: Bool = false) {
    self.precision = precision
    self.isBigEndian = isBigEndian
  }

  /// The bits of a number of the format as they are loaded from memory.
  package func bits<Bits: FixedWidthInteger>(of value: Double) -> Bits {
    let bits: Bits =
      switch precision {
      case .float16: Bits(truncatingIfNeeded: Float16(value).bitPattern)
      case .bfloat16: Bits(truncatingIfNeeded: Float(value).bitPattern >> 16)
      case .float32: Bits(truncatingIfNeeded: Float(value).bitPattern)
      case .float64: Bits(truncatingIfNeeded: value.bitPattern)
      }
    return isBigEndian ? bits.byteSwapped : bits
  }

  /// The format of a dataset's elements, or nil if they are no floating-point numbers.
  package init?(_ type: ElementType) {
    guard case .float(let format, let byteOrder) = type else { return nil }
    switch format {
    case .float16: precision = .float16
    case .bfloat16: precision = .bfloat16
    case .float32: precision = .float32
    case .float64: precision = .float64
    }
    isBigEndian = byteOrder == .bigEndian
  }
}
