/// How the numbers of rows lie in memory.
package enum NumberFormat: Sendable {
  case float16, bfloat16, float32, float64
  case float16BigEndian, bfloat16BigEndian, float32BigEndian, float64BigEndian

  /// Whether numbers have double precision, and are computed on in it.
  @inlinable package var isDouble: Bool {
    switch self {
    case .float64, .float64BigEndian: true
    default: false
    }
  }

  /// The bytes of a number.
  @inlinable package var byteCount: Int {
    switch self {
    case .float16, .float16BigEndian, .bfloat16, .bfloat16BigEndian: 2
    case .float32, .float32BigEndian: 4
    case .float64, .float64BigEndian: 8
    }
  }
}
