/// 1 − g of rows, from their sketches alone, and the clusters that it falls to.
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
    return doubt(outside: scale.term(second, relativeTo: values[0]) * mass(values, rest: rest))
  }

  /// W of a row whose second value is not excluded.
  @inline(__always)
  private func mass(_ values: UnsafePointer<Scale.Value>, rest: Float) -> Double {
    let second = values[1]
    load(values)
    var sum = TermSum()
    var vector = 0
    while vector < vectors {
      sum.add(scale.terms(row[vector], relativeTo: second))
      vector &+= 1
    }
    var mass = sum.total
    if rest > 0 { mass += Double(rest) * scale.term(values[width &- 1], relativeTo: second) }
    return mass
  }

  /// What a row of a top-k dump tells, whose rest may be off.
  struct Told {
    /// 1 − g.
    var doubt = 0.0
    /// By how much that may be off, but for the rounding of values.
    var doubtError = 0.0
    /// q if the row's own cluster is masked; 0 if nothing is left.
    var reassigned = 0.0
  }

  @inline(__always)
  func told(_ values: UnsafePointer<Scale.Value>, rest: Float, error: Float) -> Told {
    let second = values[1]
    guard second > Scale.excluded else { return Told() }
    let kept = mass(values, rest: 0)
    let each = scale.term(values[width &- 1], relativeTo: second)
    let unit = scale.term(second, relativeTo: values[0])
    let (least, most) = (Double(rest) - Double(error), Double(rest) + Double(error))
    let outside = kept + Double(rest) * each
    let doubt = doubt(outside: unit * outside)
    let above = self.doubt(outside: unit * (kept + most * each)) - doubt
    let below = doubt - self.doubt(outside: unit * (kept + (least > 0 ? least : 0) * each))
    return Told(doubt: doubt, doubtError: above > below ? above : below, reassigned: 1 / outside)
  }

  @inline(__always)
  private func doubt(outside: Double) -> Double { outside / (1 + outside) }

  /// What 1 − g consists of: writes the probability of each kept cluster, and in the place of the first, which is the row's
  /// own, that of all clusters that are not kept.
  @inline(__always)
  func write(_ values: UnsafePointer<Scale.Value>, rest: Float, to parts: UnsafeMutablePointer<UInt64>) {
    parts[0] = 0
    guard width > 1 else {
      parts[0] = fixedPoint(doubt(values, rest: rest))
      return
    }
    let second = values[1]
    guard second > Scale.excluded else {
      var position = 1
      while position < width {
        parts[position] = 0
        position &+= 1
      }
      return
    }
    let doubt = doubt(values, rest: rest)
    // p_c = exp(ℓ_c − ℓ_r) · exp(ℓ_r − ℓ_a) · g, of values that are loaded already.
    let scaled = scale.term(second, relativeTo: values[0]) * (1 - doubt)
    var vector = 0
    while vector < vectors {
      let terms = scale.terms(row[vector], relativeTo: second)
      let left = width &- vector &* 16
      let end = left < 16 ? left : 16
      var lane = vector == 0 ? 1 : 0
      while lane < end {
        parts[vector &* 16 &+ lane] = fixedPoint(atMostOne(Double(terms[lane]) * scaled))
        lane &+= 1
      }
      vector &+= 1
    }
    if rest > 0 {
      parts[0] = fixedPoint(atMostOne(Double(rest) * scale.term(values[width &- 1], relativeTo: second) * scaled))
    }
  }

  /// A probability, which rounding may have taken above 1.
  @inline(__always)
  private func atMostOne(_ probability: Double) -> Double { probability < 1 ? probability : 1 }

  /// Takes a row's values but the first.
  @inline(__always)
  private func load(_ values: UnsafePointer<Scale.Value>) {
    let others = UnsafeMutableRawPointer(row).assumingMemoryBound(to: Scale.Value.self)
    others[0] = Scale.excluded
    var position = 1
    while position < width {
      others[position] = values[position]
      position &+= 1
    }
  }
}
