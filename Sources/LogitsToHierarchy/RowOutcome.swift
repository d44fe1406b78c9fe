import LogitStream

/// What a pass learns from one row.
struct RowOutcome {
  /// The index of the largest logit, the first of them.
  let assignment: Int
  /// What is missing to certainty, 1 − g, where the row's own cluster is the group asked for.
  var doubt = 0.0
  /// Where the row goes if the group asked for is masked, and the masked softmax probability there.
  var reassignment: Reassignment?

  struct Reassignment {
    /// The index of the group among the pass's.
    let slot: Int
    let cluster: Int
    let probability: Double
  }
}

extension RowKernel {
  /// The outcome of the row at `pointer` for the target its cluster is in; nil if the row is invalid.
  ///
  /// Everything is relative to the largest logit outside the group, ℓ_r, and is summed over what lies outside:
  /// W = Σ_{c∉G} exp(ℓ_c − ℓ_r) and q = 1 / W. For a single cluster a, 1 − g = s / (1 + s) with
  /// s = Σ_{c≠a} exp(ℓ_c − ℓ_a) = exp(ℓ_r − ℓ_a) · W. No digits cancel, however confident the row is.
  @inline(__always)
  func outcome<Decoder: ElementDecoder>(
    _ pointer: UnsafeRawPointer, _: Decoder.Type, _ targets: borrowing PassTargets
  ) -> RowOutcome? where Decoder.Value == Value {
    guard let top = load(pointer, Decoder.self), top > Scale.excluded else { return nil }
    var outcome = RowOutcome(assignment: firstIndex(of: top))
    let slot = Int(targets.slots[outcome.assignment])
    guard slot >= 0 else { return outcome }

    let group = targets.groups[slot].clusters
    for cluster in group { mask(cluster) }
    let best = maximum()
    guard best > Scale.excluded else { return outcome }
    let cluster = firstIndex(of: best)
    mask(cluster)
    let outside = 1 + sumOfTerms(relativeTo: best)
    outcome.reassignment = .init(slot: slot, cluster: cluster, probability: 1 / outside)
    if group.count == 1 {
      let others = term(best, relativeTo: top) * outside
      outcome.doubt = others / (1 + others)
    }
    return outcome
  }
}
