/// 1 − g of rows, from their sketches alone.
///
/// With a the row's cluster and r the next, W = Σ_{c≠a} exp(ℓ_c − ℓ_r) over the kept clusters and the rest, and
/// 1 − g = s / (1 + s) with s = exp(ℓ_r − ℓ_a) · W, as in the scan of whole rows. There the terms of the rest are added
/// up one by one; here they are one number, of which the last bits may differ.
struct SketchDoubt<Scale: LogitScale>: ~Copyable {
  private let scale: Scale
  private let width: Int
  private let scratch: Scratch
  /// A row's values but the first, padded to whole vectors with `Scale.excluded`.
  private let row: UnsafeMutablePointer<SIMD16<Scale.Value>>
  private let vectors: Int

  init(scale: Scale, width: Int) {
    self.scale = scale
    self.width = width
    vectors = (width &+ 15) / 16
    var scratch = Scratch(byteCount: Scratch.byteCount(SIMD16<Scale.Value>.self, vectors))
    row = scratch.take(SIMD16<Scale.Value>.self, vectors)
    row[vectors &- 1] = SIMD16(repeating: Scale.excluded)
    self.scratch = scratch
  }

  /// 1 − g of a row whose sketch has these logits, in order.
  @inline(__always)
  func doubt(_ values: UnsafePointer<Scale.Value>, rest: Float) -> Double {
    guard width > 1 else {
      let others = Double(rest)
      return others / (1 + others)
    }
    let second = values[1]
    guard second > Scale.excluded else { return 0 }
    let others = UnsafeMutableRawPointer(row).assumingMemoryBound(to: Scale.Value.self)
    others[0] = Scale.excluded
    var position = 1
    while position < width {
      others[position] = values[position]
      position &+= 1
    }
    var sum = TermSum()
    var vector = 0
    while vector < vectors {
      sum.add(scale.terms(row[vector], relativeTo: second))
      vector &+= 1
    }
    var mass = sum.total
    if rest > 0 { mass += Double(rest) * scale.term(values[width &- 1], relativeTo: second) }
    let outside = scale.term(second, relativeTo: values[0]) * mass
    return outside / (1 + outside)
  }
}
