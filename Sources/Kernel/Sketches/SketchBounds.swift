import CVectors

/// An interval for the masked softmax probability of a row, from its sketch.
enum SketchInterval: Equatable {
  /// The row goes to `cluster`, with a probability within `lower...upper`.
  case resolved(cluster: Int, lower: Double, upper: Double)
  /// Nothing is outside the group, so the row reassigns nothing.
  case nothing
  /// All kept logits are of the group itself.
  case unresolved
}

/// Bounds what rows reassign when a group is masked, from their sketches alone.
///
/// T are the clusters whose logits are kept, and β is the smallest of these logits. For a group G, the first of T
/// outside G is the reassignment r, since T is in order. Its probability is 1 / W, where W = Σ_{c∈T∖G} exp(ℓ_c − ℓ_r) +
/// the part of ρ outside G, and ρ = Σ_{c∉T} exp(ℓ_c − ℓ_r) is the mass of the rest. A cluster that is not kept has at
/// most b = exp(β − ℓ_r). So at most |G∖T| · b of ρ is inside G, and at most (K − |T∪G|) · b outside. All of them are relative to ℓ_r here;
/// in fact they are relative to the reference that whole rows have, see ``RowKernel/outcome(_:_:sketch:_:)``.
struct SketchBounds<Scale: LogitScale>: ~Copyable {
  private let scale: Scale
  private let width: Int
  /// K.
  private let clusters: Int
  /// What the terms of whole rows are added up in.
  private let unit: TermUnit
  private let groupSize: Int
  /// For each cluster, 1 if it is in the group, else 0.
  private let isMember: UnsafePointer<UInt8>
  private let scratch: Scratch
  /// The vectors of a row's values, padded with `Scale.excluded`. After them comes one with the smallest that is kept in its first
  /// lane; and others of nothing, so that it takes four at a time.
  private let row: UnsafeMutablePointer<SIMD16<Scale.Value>>
  private let vectors: Int
  /// The terms of all of these.
  private let terms: UnsafeMutablePointer<SIMD16<Float>>

  /// A bound for the relative error of the rest's mass, for terms that matter at 2^-40; see docs/method.md. The mass
  /// was computed from other differences of logits than the terms it stands for, and rounded to `Float`.
  static var slack: Double { 2e-5 }

  /// - Parameter isMember: The memory must outlive this value.
  init(scale: Scale, width: Int, clusters: Int, groupSize: Int, isMember: UnsafePointer<UInt8>) {
    self.scale = scale
    self.groupSize = groupSize
    self.isMember = isMember
    self.width = width
    self.clusters = clusters
    unit = TermUnit(clusters: clusters)
    vectors = (width &+ 15) / 16
    let all = (vectors &+ 4) / 4 &* 4
    var scratch = Scratch(
      byteCount: Scratch.byteCount(SIMD16<Scale.Value>.self, all) &+ Scratch.byteCount(SIMD16<Float>.self, all))
    row = scratch.take(SIMD16<Scale.Value>.self, all)
    terms = scratch.take(SIMD16<Float>.self, all)
    self.scratch = scratch
    var vector = vectors &- 1
    while vector < all {
      row[vector] = SIMD16(repeating: Scale.excluded)
      vector &+= 1
    }
  }

  /// The interval for a row whose sketch has these logits, in order, of these clusters.
  @inline(__always)
  func interval<Index: FixedWidthInteger & UnsignedInteger>(
    _ values: UnsafePointer<Scale.Value>, _ indices: UnsafePointer<Index>, rest: Float
  ) -> SketchInterval {
    let (first, members) = mask(values, indices)
    let smallest = values[width &- 1]
    guard first < width else {
      // A value that is not kept is at most the smallest that is.
      return smallest > Scale.excluded ? .unresolved : .nothing
    }
    let value = values[first]
    guard value > Scale.excluded else { return .nothing }
    // As with whole rows, so that the terms are the same numbers. The second value is there: it, or one after it, is the first.
    let reference = scale.reference(for: value, below: values[1], unit)
    writeTerms(relativeTo: reference, smallest)
    let (own, kept) = terms(of: (first, value), relativeTo: reference)
    var least = kept
    var most = kept
    if rest > 0 {
      let largestUnseen = largestUnseenTerm
      let mass = Double(rest) * largestUnseen
      let outside = outside(least: mass, most: mass, each: largestUnseen, members: members)
      // A pass over whole rows adds up rounded terms.
      let rounding = Double(clusters &- width) * unit.size / 2
      least += (outside.least > 0 ? outside.least : 0) - rounding
      most += outside.most + rounding
    }
    return .resolved(
      cluster: Int(truncatingIfNeeded: indices[first]), lower: own / most, upper: least > own ? own / least : 1)
  }

  /// Finds the terms of the kept values that are no members', and of the smallest that is kept.
  @inline(__always)
  private func writeTerms(relativeTo reference: Scale.Value, _ smallest: Scale.Value) {
    UnsafeMutableRawPointer(row + vectors).storeBytes(of: smallest, as: Scale.Value.self)
    var vector = 0
    if scale.temperature == 1 {
      let references = Scale.Value.repeated(reference)
      while vector <= vectors {
        scale.writePlainTerms(ofFour: row + vector, relativeTo: references, to: terms + vector)
        vector &+= 4
      }
    } else {
      while vector <= vectors {
        terms[vector] = scale.terms(row[vector], relativeTo: reference)
        vector &+= 1
      }
    }
  }

  /// The most that the term of a value is which is not kept.
  private var largestUnseenTerm: Double {
    @inline(__always)
    get { Double(UnsafeRawPointer(terms + vectors).load(as: Float.self)) }
  }

  /// The sum of the kept values' terms.
  @inline(__always)
  private func sum(in unit: TermUnit) -> TermSum {
    var sum = TermSum(in: unit)
    var vector = 0
    while vector < vectors {
      sum.add(terms[vector])
      vector &+= 1
    }
    return sum
  }

  /// The term of a kept value, which is no member's, and the sum of those of all such.
  @inline(__always)
  private func terms(
    of own: (position: Int, value: Scale.Value), relativeTo reference: Scale.Value
  ) -> (own: Double, all: Double) {
    let sum = sum(in: unit).units
    let term = UnsafeRawPointer(terms).load(
      fromByteOffset: own.position &* MemoryLayout<Float>.stride, as: Float.self)
    let kept = unit.units(Double(term))
    guard own.value != reference else { return (unit.value(kept), unit.value(sum)) }
    let exact = unit.units(scale.term(own.value, relativeTo: reference))
    return (unit.value(exact), unit.value(sum &- kept &+ exact))
  }

  /// The same for a row of a top-k dump, whose rest is known within an error, and perhaps its values are, too.
  @inline(__always)
  func interval<Index: FixedWidthInteger & UnsignedInteger>(
    _ values: UnsafePointer<Scale.Value>, _ indices: UnsafePointer<Index>, rest: Float, error: Float,
    hasRoundedValues: Bool
  ) -> SketchInterval {
    let (first, members) = mask(values, indices)
    let smallest = values[width &- 1]
    guard first < width else { return smallest > Scale.excluded ? .unresolved : .nothing }
    let reference = values[first]
    guard reference > Scale.excluded else { return .nothing }
    let (leastRest, mostRest) = (Double(rest) - Double(error), Double(rest) + Double(error))
    // Whoever kept one of several equal values may have kept any. A cluster that is not kept may have this one, and come first.
    if reference == smallest, error > 0, mostRest >= Self.mayBeEqual { return .unresolved }

    // Whole rows are what they are: those that end in values of nothing have nothing else.
    let isWhole = width == clusters || !(smallest > Scale.excluded)
    let unit = hasRoundedValues && !isWhole ? precision(of: values) : 0
    writeTerms(relativeTo: reference, smallest)
    let kept = sum(in: .smallest).total
    let (keptError, isVague) = roundingError(of: kept, relativeTo: reference, unit: unit)
    guard !isVague else {
      return .resolved(cluster: Int(truncatingIfNeeded: indices[first]), lower: 0, upper: 1)
    }
    var least = kept - keptError
    var most = kept + keptError
    if mostRest > 0 {
      let sizes = unit > 0 ? size(smallest) + size(reference) : 0
      let rounding = 1.3 * unit * sizes
      let largestUnseen = largestUnseenTerm * (1 + rounding)
      let outside = outside(
        least: (leastRest > 0 ? leastRest : 0) * largestUnseen / (1 + rounding) / (1 + rounding),
        most: mostRest * largestUnseen,
        each: largestUnseen, members: members)
      if outside.least > 0 { least += outside.least }
      most += outside.most
    }
    return .resolved(
      cluster: Int(truncatingIfNeeded: indices[first]), lower: 1 / most, upper: least > 1 ? 1 / least : 1)
  }

  /// A rest as large as that of another cluster with the smallest value that is kept, or nearly.
  private static var mayBeEqual: Double { 0.9 }

  /// What of the rest's mass is outside the group, if a cluster has at most `each` of it: at least, which may be negative, and
  /// at most.
  @inline(__always)
  private func outside(least: Double, most: Double, each: Double, members: Int) -> (least: Double, most: Double) {
    let unseenMembers = groupSize &- members
    let unseenOthers = clusters &- width &- unseenMembers
    let insideMost = Double(unseenMembers) * each
    let outsideMost = Double(unseenOthers) * each
    return (
      least - (least < insideMost ? least : insideMost) - least * Self.slack,
      (most < outsideMost ? most : outsideMost) + most * Self.slack
    )
  }

  /// By how much values of a row were rounded, relative to them.
  @inline(__always)
  private func precision(of values: UnsafePointer<Scale.Value>) -> Double {
    var precision = ValuePrecision()
    var index = 0
    while index < width {
      precision.add(values[index])
      index &+= 1
    }
    return precision.unit
  }

  /// By how much a sum of terms is off, since values were rounded; or that nothing is known of it. The reference's own term is 1.
  @inline(__always)
  private func roundingError(
    of sum: Double, relativeTo reference: Scale.Value, unit: Double
  ) -> (error: Double, isVague: Bool) {
    guard unit > 0 else { return (0, false) }
    let size = size(reference)
    guard unit * size < 0.1 else { return (0, true) }
    var sizes = SIMD16<Double>(repeating: 0)
    var vector = 0
    while vector < vectors {
      sizes = cvectors_sums(sizes, Scale.sizes(row[vector], cvectors_doubles_from_floats(terms[vector])))
      vector &+= 1
    }
    let error = 1.3 * unit * (cvectors_total(sizes) + size * (sum - 2))
    return (error > 0 ? error : 0, false)
  }

  @inline(__always)
  private func size(_ value: Scale.Value) -> Double {
    Scale.sizes(SIMD16(repeating: value), SIMD16(repeating: 1))[0]
  }

  /// Copies a row with members masked. Returns the position of the first value that is no member's, and the number of
  /// members.
  @inline(__always)
  private func mask<Index: FixedWidthInteger & UnsignedInteger>(
    _ values: UnsafePointer<Scale.Value>, _ indices: UnsafePointer<Index>
  ) -> (first: Int, members: Int) {
    var first = width
    var members = 0
    var start = 0
    while start &+ 16 <= width {
      var bits: UInt16 = 0
      for lane in 0..<16 {
        bits |= UInt16(isMember[Int(truncatingIfNeeded: indices[start &+ lane])]) &<< UInt16(lane)
      }
      let vector = UnsafeRawPointer(values + start).loadUnaligned(as: SIMD16<Scale.Value>.self)
      row[start / 16] = Scale.Value.replacing(vector, lanes: bits, with: Scale.excluded)
      members &+= bits.nonzeroBitCount
      if first == width, bits != 0xFFFF { first = start &+ (~bits).trailingZeroBitCount }
      start &+= 16
    }
    let masked = UnsafeMutableRawPointer(row).assumingMemoryBound(to: Scale.Value.self)
    while start < width {
      if isMember[Int(truncatingIfNeeded: indices[start])] != 0 {
        members &+= 1
        masked[start] = Scale.excluded
      } else {
        masked[start] = values[start]
        if start < first { first = start }
      }
      start &+= 1
    }
    return (first, members)
  }
}
