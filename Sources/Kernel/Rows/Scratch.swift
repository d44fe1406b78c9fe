/// Working memory that is handed out piece by piece, from a block that somebody else owns or one of its own.
package struct Scratch: ~Copyable {
  private static let alignment = 128

  private var next: UnsafeMutableRawPointer
  private let owned: UnsafeMutableRawPointer?

  /// Hands out what lies at `given`.
  init(_ given: UnsafeMutableRawPointer) {
    next = given
    owned = nil
  }

  /// Hands out so many bytes of its own.
  init(byteCount: Int) {
    next = .allocate(byteCount: byteCount, alignment: Self.alignment)
    owned = next
  }

  deinit { owned?.deallocate() }

  /// What `count` values of a type take.
  static func byteCount<Value>(_: Value.Type, _ count: Int) -> Int {
    (count &* MemoryLayout<Value>.stride &+ alignment &- 1) / alignment &* alignment
  }

  /// Room for `count` values, aligned for any vector, with whatever is in it.
  @inline(__always)
  mutating func take<Value>(_: Value.Type, _ count: Int) -> UnsafeMutablePointer<Value> {
    defer { next += Self.byteCount(Value.self, count) }
    return next.assumingMemoryBound(to: Value.self)
  }
}
