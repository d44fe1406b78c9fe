import KernelInterface

/// What a pass learns from one row.
struct RowOutcome {
  /// The index of the largest logit; the first of equals.
  let assignment: Int
  /// 1 − g, where g is the predicted probability, if the row's cluster is a target by itself; otherwise 0.
  var doubt = 0.0
}

/// A list of reassignments, one after another, at an address with room for all of them.
struct ReassignmentList {
  let start: UnsafeMutablePointer<Reassignment>
  private(set) var count = 0

  init(start: UnsafeMutablePointer<Reassignment>) { self.start = start }

  @inline(__always)
  mutating func append(_ reassignment: Reassignment) {
    start[count] = reassignment
    count &+= 1
  }
}

extension RowKernel {
  /// The outcome of the row at `pointer`; nil if the row is invalid.
  ///
  /// For a target G, ℓ_r is the largest logit outside G. The sum over the clusters outside, relative to it, is
  /// W = Σ_{c∉G} exp(ℓ_c − ℓ_r), and q = 1 / W. For a single cluster a, 1 − g = s / (1 + s) with
  /// s = Σ_{c≠a} exp(ℓ_c − ℓ_a) = exp(ℓ_r − ℓ_a) · W. No digits cancel, however confident the row is.
  ///
  /// Terms are taken relative to the largest logit outside a, ℓ_s, or if ℓ_r is too far below it to a reference in
  /// between, which depends on the two alone: q = t_r / Σ t. They add up without loss, in any order. So one look at all logits
  /// serves all nested targets whose ℓ_r is near the same reference, each masks what it adds to the one before, and a row's
  /// reassignment for a target does not depend on the other targets of the pass, not even in the last bit.
  ///
  /// - Parameters:
  ///   - sketch: Takes the row's sketch; nil if none is wanted. With a sketch, single clusters must be targets.
  ///   - list: Takes the row's reassignment for each target that the row counts for, unless nothing is outside the
  ///     target.
  @inline(__always)
  func outcome(
    _ pointer: UnsafeRawPointer, _ targets: TargetTable, sketch: inout RowSketch<Scale>?,
    _ list: inout ReassignmentList
  ) -> RowOutcome? {
    guard let top = load(pointer), top > Scale.excluded else { return nil }
    var outcome = RowOutcome(assignment: firstIndex(ofLaneMaximum: top))
    let slot = Int(targets.innermost[outcome.assignment])
    guard slot >= 0 else { return outcome }

    maskAlone(outcome.assignment)
    let second = largestLaneMaximum()
    let isSingle = targets.isSingle(slot)
    var left = Remainder()
    if second > Scale.excluded {
      let cluster = firstIndex(ofLaneMaximum: second)
      left.largest = (cluster, second)
      if isSingle {
        left.reference = second
        left.units = keepTerms(relativeTo: second)
        let sum = unit.value(left.units)
        list.append(Reassignment(slot: slot, cluster: cluster, probability: 1 / sum))
        let others = term(second, relativeTo: top) * sum
        outcome.doubt = others / (1 + others)
      }
    }
    sketch?.take(from: self, top: (outcome.assignment, top), second: second, units: left.units)
    if !isSingle || targets.around[slot] >= 0 {
      reassign(from: slot, isDone: isSingle, targets, highest: second, &left, sketch: &sketch, &list)
    }
    return outcome
  }

  /// What is not masked of a row.
  private struct Remainder {
    /// What terms are relative to; NaN if they were not computed yet.
    var reference = Value.nan
    /// The sum of terms.
    var units: UInt64 = 0
    /// The largest value and the first cluster that has it; nil if there is none.
    var largest: (cluster: Int, value: Value)?
  }

  /// Adds the row's reassignments for a target and those around it, from the inside out. Only the row's own cluster must be
  /// masked.
  ///
  /// A sketch has the largest values in order. So its first value that is not masked, if there is one, is the row's
  /// largest.
  ///
  /// - Parameters:
  ///   - isDone: Whether the innermost target is the row's own cluster.
  ///   - highest: The largest value outside that.
  private func reassign(
    from innermost: Int, isDone: Bool, _ targets: TargetTable, highest: Value, _ left: inout Remainder,
    sketch: inout RowSketch<Scale>?, _ list: inout ReassignmentList
  ) {
    var slot = innermost
    var position = 0
    if !isDone {
      left.units &-= mask(targets.parts, from: targets.memberStarts[slot], to: targets.memberStarts[slot &+ 1])
      findLargest(&left, sketch: &sketch, from: &position)
      reassign(slot, highest: highest, &left, &list)
    }
    while targets.around[slot] >= 0 {
      left.units &-= mask(targets.parts, from: targets.ringStarts[slot], to: targets.ringEnds[slot])
      slot = Int(targets.around[slot])
      findLargest(&left, sketch: &sketch, from: &position)
      reassign(slot, highest: highest, &left, &list)
    }
  }

  /// Finds the largest value again if it was masked.
  @inline(__always)
  private func findLargest(
    _ left: inout Remainder, sketch: inout RowSketch<Scale>?, from position: inout Int
  ) {
    guard let (cluster, _) = left.largest, !(value(at: cluster) > Scale.excluded) else { return }
    if let largest = sketch?.firstUnmasked(in: self, from: &position) {
      left.largest = largest
      return
    }
    let largest = maximum()
    left.largest = largest > Scale.excluded ? (firstIndex(of: largest), largest) : nil
  }

  /// Adds the row's reassignment for the target that is masked, unless nothing is outside it.
  @inline(__always)
  private func reassign(_ slot: Int, highest: Value, _ left: inout Remainder, _ list: inout ReassignmentList) {
    guard let (cluster, value) = left.largest else { return }
    let reference = scale.reference(for: value, below: highest, unit)
    if reference != left.reference {
      left.reference = reference
      left.units = keepTerms(relativeTo: reference)
    }
    // Its own term is the one whose error would count in full.
    let kept = unit.units(Double(keptTerm(cluster)))
    let own = value == reference ? kept : unit.units(term(value, relativeTo: reference))
    list.append(
      Reassignment(
        slot: slot, cluster: cluster, probability: unit.value(own) / unit.value(left.units &- kept &+ own)))
  }
}

extension TargetTable {
  /// Whether a target is a single cluster.
  @inline(__always)
  func isSingle(_ slot: Int) -> Bool {
    let start = memberStarts[slot]
    return memberStarts[slot &+ 1] &- start == 1 && parts[start].lanes.nonzeroBitCount == 1
  }
}
