import LogitStream

/// What a pass learns from one row.
struct RowOutcome {
  /// The index of the largest logit, the first of them.
  let assignment: Int
  /// What is missing to certainty, 1 − g, where the row's own cluster is a target by itself.
  var doubt = 0.0
}

/// Where a row goes if a target that it counts for is masked, and the masked softmax probability there.
struct Reassignment {
  /// The index of the target among the pass's.
  let slot: Int
  let cluster: Int
  let probability: Double
}

extension RowKernel {
  /// The outcome of the row at `pointer`; nil if the row is invalid.
  ///
  /// For a target G everything is relative to the largest logit outside it, ℓ_r, and is summed over what lies outside:
  /// W = Σ_{c∉G} exp(ℓ_c − ℓ_r) and q = 1 / W. For a single cluster a, 1 − g = s / (1 + s) with
  /// s = Σ_{c≠a} exp(ℓ_c − ℓ_a) = exp(ℓ_r − ℓ_a) · W. No digits cancel, however confident the row is.
  ///
  /// Each target's sum is taken afresh, although a ring's terms could be added to the sum before: what a row gives for a
  /// target must not depend, not even in the last bit, on the other targets of the pass.
  ///
  /// - Parameters:
  ///   - sketch: Takes the row's sketch, if there is one to take. Single clusters must be targets then.
  ///   - add: Is told the row's reassignment for each target it counts for, unless nothing is left outside of it.
  @inline(__always)
  func outcome<Decoder: ElementDecoder>(
    _ pointer: UnsafeRawPointer, _: Decoder.Type, _ targets: borrowing PassTargets,
    sketch: inout RowSketch<Scale>?, add: (Reassignment) -> Void
  ) -> RowOutcome? where Decoder.Value == Value {
    guard let top = load(pointer, Decoder.self), top > Scale.excluded else { return nil }
    var outcome = RowOutcome(assignment: firstIndex(of: top))
    var slot = Int(targets.innermost[outcome.assignment])
    guard slot >= 0 else { return outcome }

    let isSingle = targets.groups[slot].clusters.count == 1
    if isSingle {
      mask(outcome.assignment)
    } else {
      for cluster in targets.groups[slot].clusters { mask(cluster) }
    }
    var outside = reassign(slot, add)
    if isSingle {
      if let outside {
        let others = term(outside.largest, relativeTo: top) * outside.sum
        outcome.doubt = others / (1 + others)
      }
      if sketch != nil {
        unmask(outcome.assignment, top)
        sketch?.take(from: self, outside: outside.map { ($0.largest, $0.sum) })
        return outcome
      }
    }
    while targets.around[slot] >= 0 {
      for cluster in targets.rings[slot] { mask(cluster) }
      slot = Int(targets.around[slot])
      outside = reassign(slot, add)
    }
    return outcome
  }

  /// Looks at what lies outside the target that is masked; nil if nothing does.
  @inline(__always)
  private func reassign(_ slot: Int, _ add: (Reassignment) -> Void) -> (largest: Value, sum: Double)? {
    let largest = maximum()
    guard largest > Scale.excluded else { return nil }
    let cluster = firstIndex(of: largest)
    mask(cluster)
    let sum = 1 + sumOfTerms(relativeTo: largest)
    unmask(cluster, largest)
    add(Reassignment(slot: slot, cluster: cluster, probability: 1 / sum))
    return (largest, sum)
  }
}
