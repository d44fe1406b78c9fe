import LogitStream

/// Integers in a file, read part by part.
enum IntegerColumn: Sendable {
  case npy(NPYIntegers)
  case dataset(DatasetIntegers)

  /// The integers in a range of elements; nil in place of those that are too large.
  func values(_ range: Range<Int>) throws -> [Int64?] {
    switch self {
    case .npy(let integers): integers.format.decode(try integers.bytes(range))
    case .dataset(let integers): try integers.values(range)
    }
  }
}
