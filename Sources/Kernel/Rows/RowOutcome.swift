import KernelInterface
import LogitStream

/// What a pass learns from one row.
package struct RowOutcome {
  /// The index of the largest logit, the first of them.
  package let assignment: Int
  /// What is missing to certainty, 1 − g, where the row's own cluster is a target by itself.
  package var doubt = 0.0
}

/// The reassignments of rows, one after another, at an address with room for all of them.
package struct ReassignmentList {
  let start: UnsafeMutablePointer<Reassignment>
  package private(set) var count = 0

  package init(start: UnsafeMutablePointer<Reassignment>) { self.start = start }

  @inline(__always)
  mutating func append(_ reassignment: Reassignment) {
    start[count] = reassignment
    count &+= 1
  }
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
  ///   - list: Takes the row's reassignment for each target it counts for, unless nothing is left outside of it.
  @inline(__always)
  package func outcome<Decoder: ElementDecoder>(
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

  /// The outcome of the row that is loaded, whose largest value is `top`, with what it gives for the innermost target.
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

  /// Looks at what lies outside each target around the one that is masked.
  ///
  /// A sketch has the largest values in order: the first of them that is not masked is the largest of the row, if there
  /// is one.
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

  /// Masks the clusters that stand in `list` from one place to another.
  @inline(__always)
  private func mask(_ list: UnsafePointer<Int32>, from start: Int, to end: Int) {
    var position = start
    while position < end {
      mask(Int(list[position]))
      position &+= 1
    }
  }

  /// Looks at what lies outside the target that is masked, if anything does.
  @inline(__always)
  private func reassign(_ slot: Int, _ list: inout ReassignmentList) {
    let largest = maximum()
    guard largest > Scale.excluded else { return }
    let sum = sumOfTerms(relativeTo: largest)
    list.append(Reassignment(slot: slot, cluster: firstIndex(of: largest), probability: 1 / sum))
  }
}
