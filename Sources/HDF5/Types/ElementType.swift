/// The type of a dataset's elements, as they lie in the file.
package enum ElementType: Sendable, Equatable {
  case float(FloatFormat, ByteOrder)
  /// Two's complement in 1, 2, 4 or 8 bytes, all bits used. A single byte counts as little-endian.
  case integer(bytes: Int, signed: Bool, ByteOrder)
  /// Text, of fixed or variable length.
  case string
  /// Anything else, in a few words.
  case other(String)
}

/// The floating-point formats in use for logits: 1 sign bit, then the exponent, then the fraction.
package enum FloatFormat: String, Sendable, CaseIterable {
  case float16, bfloat16, float32, float64

  package var byteSize: Int {
    switch self {
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64: 8
    }
  }

  var exponentBits: Int {
    switch self {
    case .float16: 5
    case .bfloat16, .float32: 8
    case .float64: 11
    }
  }
}

package enum ByteOrder: Sendable, CaseIterable {
  case littleEndian, bigEndian
}

extension ElementType {
  /// The number of bytes in one number; nil if elements aren't numbers.
  package var byteSize: Int? {
    switch self {
    case .float(let format, _): format.byteSize
    case .integer(let bytes, _, _): bytes
    case .string, .other: nil
    }
  }

  package var isNumber: Bool { byteSize != nil }
}

extension ElementType: CustomStringConvertible {
  /// For example "float32", "big-endian float64", "uint8".
  package var description: String {
    switch self {
    case .float(let format, let order): order.prefix + format.rawValue
    case .integer(let bytes, let signed, let order): order.prefix + (signed ? "int" : "uint") + String(8 * bytes)
    case .string: "string"
    case .other(let description): description
    }
  }
}

extension ByteOrder {
  fileprivate var prefix: String { self == .bigEndian ? "big-endian " : "" }
}
