/// An interval for the masked softmax probability of a row, from its sketch.
enum SketchInterval: Equatable {
  /// The row goes to `cluster`, with a probability within `lower...upper`.
  case resolved(cluster: Int, lower: Double, upper: Double)
  /// Nothing lies outside the group: the row reassigns nothing.
  case nothing
  /// All logits kept are the group's own.
  case unresolved
}

/// Bounds what rows reassign when a group is masked, looking at nothing but their sketches.
///
/// With the logits kept T, the mass of the rest ρ = Σ_{c∉T} exp(ℓ_c − ℓ_r) and the smallest logit kept β, for a group G:
/// the first of T outside G is the reassignment r, since T is in order. Its probability is 1 / W, where
/// W = Σ_{c∈T∖G} exp(ℓ_c − ℓ_r) + the part of ρ that lies outside G. Every cluster not kept has at most
/// b = exp(β − ℓ_r). So of ρ at most |G∖T| · b lies inside G, and at most (K − |T∪G|) · b outside.
struct SketchBounds<Scale: LogitScale>: ~Copyable {
  private let scale: Scale
  private let width: Int
  /// K.
  private let clusters: Int
  private let groupSize: Int
  private let isMember: UnsafeBufferPointer<Bool>
  /// A row's values, padded to whole vectors with `Scale.excluded`.
  private let row: UnsafeMutablePointer<SIMD16<Scale.Value>>
  private let vectors: Int

  /// The rest's mass comes from other differences of logits than the terms it stands for, rounded to `Float`. What that
  /// can make is below this part of it, for terms that matter at 2^-40; see docs/method.md.
  static var slack: Double { 2e-5 }

  /// - Parameter isMember: For each cluster, whether it is in the group; must outlive this.
  init(scale: Scale, format: SketchFormat, groupSize: Int, isMember: UnsafeBufferPointer<Bool>) {
    self.scale = scale
    self.groupSize = groupSize
    self.isMember = isMember
    width = format.width
    clusters = format.clusters
    vectors = (format.width + 15) / 16
    row = .allocate(capacity: vectors)
    row.initialize(repeating: SIMD16(repeating: Scale.excluded), count: vectors)
  }

  deinit { row.deallocate() }

  /// The interval for a row with these logits, in order, of these clusters.
  @inline(__always)
  func interval<Index: FixedWidthInteger>(
    _ values: UnsafePointer<Scale.Value>, _ indices: UnsafePointer<Index>, rest: Float
  ) -> SketchInterval {
    let masked = UnsafeMutableRawPointer(row).assumingMemoryBound(to: Scale.Value.self)
    var first = width
    var members = 0
    for index in 0..<width {
      if isMember[Int(truncatingIfNeeded: indices[index])] {
        members &+= 1
        masked[index] = Scale.excluded
      } else {
        masked[index] = values[index]
        if index < first { first = index }
      }
    }
    let smallest = values[width &- 1]
    guard first < width else {
      // What is not kept is not above the smallest that is.
      return smallest > Scale.excluded ? .unresolved : .nothing
    }
    let reference = values[first]
    guard reference > Scale.excluded else { return .nothing }

    var sum = SIMD8<Double>(repeating: 0)
    for index in 0..<vectors {
      let terms = scale.terms(row[index], relativeTo: reference)
      sum += SIMD8<Double>(terms.lowHalf)
      sum += SIMD8<Double>(terms.highHalf)
    }
    // The reference's own term is 1, so this is at least 1.
    let four = sum.lowHalf + sum.highHalf
    let kept = (four[0] + four[1]) + (four[2] + four[3])

    var least = kept
    var most = kept
    if rest > 0 {
      let largestUnseen = Double(scale.terms(SIMD16(repeating: smallest), relativeTo: reference)[0])
      let mass = Double(rest) * largestUnseen
      let unseenMembers = groupSize &- members
      let unseenOthers = clusters &- width &- unseenMembers
      let inside = min(mass, Double(unseenMembers) * largestUnseen)
      let outside = min(mass, Double(unseenOthers) * largestUnseen)
      least += max(0, mass - inside - mass * Self.slack)
      most += outside + mass * Self.slack
    }
    return .resolved(
      cluster: Int(truncatingIfNeeded: indices[first]), lower: 1 / most, upper: min(1, 1 / least))
  }
}
