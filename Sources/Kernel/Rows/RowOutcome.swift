import KernelInterface
import LogitStream

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
  /// For a target G, terms are relative to the largest logit outside G, ℓ_r. The sum over the clusters outside is
  /// W = Σ_{c∉G} exp(ℓ_c − ℓ_r), and q = 1 / W. For a single cluster a, 1 − g = s / (1 + s) with
  /// s = Σ_{c≠a} exp(ℓ_c − ℓ_a) = exp(ℓ_r − ℓ_a) · W. No digits cancel, however confident the row is.
  ///
  /// Each target's sum is computed anew, although it could be derived from the sum before. A row's reassignment for a
  /// target must not depend on the other targets of the pass, not even in the last bit.
  ///
  /// - Parameters:
  ///   - sketch: Takes the row's sketch; nil if none is wanted. With a sketch, single clusters must be targets.
  ///   - list: Takes the row's reassignment for each target that the row counts for, unless nothing is outside the
  ///     target.
  @inline(__always)
  func outcome<Decoder: ElementDecoder>(
    _ pointer: UnsafeRawPointer, _: Decoder.Type, _ targets: TargetTable,
    sketch: inout RowSketch<Scale>?, _ list: inout ReassignmentList
  ) -> RowOutcome? where Decoder.Value == Value {
    guard let top = load(pointer, Decoder.self), top > Scale.excluded else { return nil }
    let outcome = innermostOutcome(top, targets, sketch: &sketch, &list)
    let slot = Int(targets.innermost[outcome.assignment])
    guard slot >= 0, targets.around[slot] >= 0 else { return outcome }
    reassign(around: slot, targets, sketch: &sketch, &list)
    return outcome
  }

  /// The outcome of the loaded row, whose largest value is `top`. Adds its reassignment for the innermost target to
  /// `list`, and leaves that target masked.
  private func innermostOutcome(
    _ top: Value, _ targets: TargetTable, sketch: inout RowSketch<Scale>?, _ list: inout ReassignmentList
  ) -> RowOutcome {
    var outcome = RowOutcome(assignment: firstIndex(ofLaneMaximum: top))
    let slot = Int(targets.innermost[outcome.assignment])
    guard slot >= 0 else { return outcome }

    if targets.memberStarts[slot &+ 1] &- targets.memberStarts[slot] == 1 {
      maskAlone(outcome.assignment)
      let second = largestLaneMaximum()
      var sum = 0.0
      if second > Scale.excluded {
        if let threshold = sketch?.threshold(of: self) {
          sum = sumOfTerms(relativeTo: second, marking: threshold)
        } else {
          sum = sumOfTerms(relativeTo: second)
        }
        list.append(Reassignment(slot: slot, cluster: firstIndex(ofLaneMaximum: second), probability: 1 / sum))
        let others = term(second, relativeTo: top) * sum
        outcome.doubt = others / (1 + others)
      }
      sketch?.take(from: self, top: (outcome.assignment, top), second: second, sum: sum)
    } else {
      mask(targets.lists, from: targets.memberStarts[slot], to: targets.memberStarts[slot &+ 1])
      reassign(slot, &list)
    }
    return outcome
  }

  /// Adds the row's reassignments for the targets around the one that is masked, from the inside out.
  ///
  /// A sketch has the largest values in order. So its first value that is not masked, if there is one, is the row's
  /// largest.
  private func reassign(
    around inner: Int, _ targets: TargetTable, sketch: inout RowSketch<Scale>?, _ list: inout ReassignmentList
  ) {
    var slot = inner
    var position = 0
    while targets.around[slot] >= 0 {
      mask(targets.lists, from: targets.ringStarts[slot], to: targets.ringEnds[slot])
      slot = Int(targets.around[slot])
      if let largest = sketch?.firstUnmasked(in: self, from: &position) {
        let sum = sumOfTerms(relativeTo: largest.value)
        list.append(Reassignment(slot: slot, cluster: largest.cluster, probability: 1 / sum))
      } else {
        reassign(slot, &list)
      }
    }
  }

  /// Masks the clusters in a range of `list`.
  @inline(__always)
  private func mask(_ list: UnsafePointer<Int32>, from start: Int, to end: Int) {
    var position = start
    while position < end {
      mask(Int(list[position]))
      position &+= 1
    }
  }

  /// Adds the row's reassignment for the target that is masked, unless nothing is outside it.
  @inline(__always)
  private func reassign(_ slot: Int, _ list: inout ReassignmentList) {
    let largest = maximum()
    guard largest > Scale.excluded else { return }
    let sum = sumOfTerms(relativeTo: largest)
    list.append(Reassignment(slot: slot, cluster: firstIndex(of: largest), probability: 1 / sum))
  }
}
