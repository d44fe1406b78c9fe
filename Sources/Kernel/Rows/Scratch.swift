/// Working memory, handed out part by part. The memory that the parts are cut from is its own or belongs to the
/// caller.
struct Scratch: ~Copyable {
  private static let alignment = 128

  private var next: UnsafeMutableRawPointer
  private let owned: UnsafeMutableRawPointer?

  /// Hands out parts of the memory at `given`.
  init(_ given: UnsafeMutableRawPointer) {
    next = given
    owned = nil
  }

  /// Hands out parts of `byteCount` bytes of its own.
  init(byteCount: Int) {
    next = .allocate(byteCount: byteCount, alignment: Self.alignment)
    owned = next
  }

  deinit { owned?.deallocate() }

  /// The number of bytes that `count` values of a type take.
  static func byteCount<Value>(_: Value.Type, _ count: Int) -> Int {
    (count &* MemoryLayout<Value>.stride &+ alignment &- 1) / alignment &* alignment
  }

  /// Room for `count` values, aligned for any vector. Its content is unspecified.
  @inline(__always)
  mutating func take<Value>(_: Value.Type, _ count: Int) -> UnsafeMutablePointer<Value> {
    defer { next += Self.byteCount(Value.self, count) }
    return next.assumingMemoryBound(to: Value.self)
  }
}
