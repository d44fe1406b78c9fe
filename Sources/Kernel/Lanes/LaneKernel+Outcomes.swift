import CVectors
import KernelInterface

extension LaneKernel {
  /// What rows give, as ``RowKernel/outcome(_:_:sketch:_:)`` says of one. Returns the number of rows before the first that is
  /// invalid.
  ///
  /// - Parameters:
  ///   - assignments: Takes the index of each row's largest logit; the first of equals.
  ///   - doubts: Takes 1 − g of each row, or 0.
  ///   - list: Takes the rows' reassignments.
  func outcomes(
    of rows: LaneRows, _ targets: TargetTable, _ walk: TargetWalk, assignments: UnsafeMutablePointer<Int32>,
    doubts: UnsafeMutablePointer<Double>, _ list: inout ReassignmentList
  ) -> Int {
    load(rows)
    var valid = Value.Lanes(repeating: -1)
    var cluster = 0
    while cluster < clusters {
      valid = Scale.checked(valid, columns[cluster])
      cluster &+= 1
    }
    Value.findTopTwo(columns, clusters, above: Scale.excluded, top, topClusters)
    let first = UnsafeRawPointer(top).assumingMemoryBound(to: Value.self)
    var bits = Value.bits(valid)
    var count = 0
    while count < rows.count, bits & 1 == 1, first[count] > Scale.excluded {
      bits &>>= 1
      count &+= 1
    }
    findTerms()
    goAlong(walk)
    takeSingles(targets, walk, count, assignments, doubts, &list)
    var index = 0
    while index < walk.count {
      let step = walk.steps[index]
      let lanes = cvectors_within(steps[0], Int32(truncatingIfNeeded: index), step.end)
      guard lanes != 0 else {
        index = Int(step.end)
        continue
      }
      reassign(step, lanes, targets, walk, &list)
      index &+= 1
    }
    return count
  }

  /// Finds the terms relative to the second largest value. Each row's own cluster is left out.
  @inline(__always)
  private func findTerms() {
    let second = top[1]
    var cluster = 0
    if scale.temperature == 1 {
      while cluster < clusters {
        scale.writePlainTerms(ofFour: columns + cluster, relativeTo: second, to: terms + cluster)
        cluster &+= 4
      }
    } else {
      while cluster < clusters {
        terms[cluster] = scale.temperedTerms(columns[cluster], relativeTo: second)
        cluster &+= 1
      }
    }
    // The term of a value above the reference is anything.
    let own = UnsafeRawPointer(topClusters).assumingMemoryBound(to: Value.SIMDMaskScalar.self)
    let each = UnsafeMutableRawPointer(terms).assumingMemoryBound(to: Float.self)
    var lane = 0
    while lane < 16 {
      each[Int(truncatingIfNeeded: own[lane]) &* 16 &+ lane] = 0
      lane &+= 1
    }
  }

  /// Adds terms up from cut to cut, and finds what is largest before and after each.
  @inline(__always)
  private func goAlong(_ walk: TargetWalk) {
    var largest = largestBefore[0]
    var sum = sumsBefore[0]
    var position = 0
    var cut = 1
    while cut < walk.cutCount {
      let end = Int(walk.cuts[cut])
      while position < end {
        let cluster = Int(walk.order[position])
        largest = Value.maximum(largest, columns[cluster])
        sum = cvectors_adding_units(sum, terms[cluster], unit.shifter)
        position &+= 1
      }
      largestBefore[cut] = largest
      sumsBefore[cut] = sum
      cut &+= 1
    }
    guard walk.count > 0 else { return }
    largest = Value.repeated(Scale.excluded)
    while cut > 0 {
      cut &-= 1
      let start = Int(walk.cuts[cut])
      while position > start {
        position &-= 1
        largest = Value.maximum(largest, columns[Int(walk.order[position])])
      }
      largestAfter[cut] = largest
    }
  }

  /// The sums of the terms of all clusters but those between two cuts, in units.
  @inline(__always)
  private func unitsOutside(_ first: Int, _ last: Int, _ walk: TargetWalk) -> SIMD16<UInt64> {
    let count = clusters &- Int(walk.cuts[last] &- walk.cuts[first])
    return cvectors_units_outside(
      sumsBefore[walk.cutCount &- 1], sumsBefore[first], sumsBefore[last],
      UInt64(truncatingIfNeeded: count) &* unit.shifter.bitPattern)
  }

  /// Takes the rows' clusters, and what rows give whose cluster is a target by itself.
  @inline(__always)
  private func takeSingles(
    _ targets: TargetTable, _ walk: TargetWalk, _ count: Int, _ assignments: UnsafeMutablePointer<Int32>,
    _ doubts: UnsafeMutablePointer<Double>, _ list: inout ReassignmentList
  ) {
    let sums = cvectors_unit_values(unitsOutside(0, 0, walk), unit.size)
    numbers[0] = cvectors_inverses(sums)
    self.doubts[0] = cvectors_doubts(cvectors_products(scale.preciseTerms(top[1], relativeTo: top[0]), sums))
    let seconds = UnsafeRawPointer(top + 1).assumingMemoryBound(to: Value.self)
    let own = UnsafeRawPointer(topClusters).assumingMemoryBound(to: Value.SIMDMaskScalar.self)
    let others = UnsafeRawPointer(topClusters + 1).assumingMemoryBound(to: Value.SIMDMaskScalar.self)
    let probabilities = UnsafeRawPointer(numbers).assumingMemoryBound(to: Double.self)
    let found = UnsafeRawPointer(self.doubts).assumingMemoryBound(to: Double.self)
    let steps = UnsafeMutableRawPointer(steps).assumingMemoryBound(to: Int32.self)
    var lane = 0
    while lane < 16 {
      steps[lane] = -1
      if lane < count {
        let cluster = Int(truncatingIfNeeded: own[lane])
        assignments[lane] = Int32(truncatingIfNeeded: cluster)
        doubts[lane] = 0
        steps[lane] = walk.innermost[cluster]
        let slot = Int(targets.innermost[cluster])
        if slot >= 0, seconds[lane] > Scale.excluded, targets.isSingle(slot) {
          list.append(
            Reassignment(
              slot: slot, cluster: Int(truncatingIfNeeded: others[lane]), probability: probabilities[lane]))
          doubts[lane] = found[lane]
        }
      }
      lane &+= 1
    }
  }

  /// Adds the reassignments of some lanes' rows for a target, unless nothing is outside it.
  @inline(__always)
  private func reassign(
    _ step: TargetWalk.Step, _ lanes: UInt16, _ targets: TargetTable, _ walk: TargetWalk,
    _ list: inout ReassignmentList
  ) {
    let (slot, first, last) = (Int(step.slot), Int(step.firstCut), Int(step.lastCut))
    let largest = Value.maximum(largestBefore[first], largestAfter[last])
    self.largest[0] = largest
    let values = UnsafeRawPointer(self.largest).assumingMemoryBound(to: Value.self)
    let second = top[1]
    let references = scale.references(for: largest, below: second, unit)
    var units = unitsOutside(first, last, walk)
    let lanes = lanes & Value.lanes(largest, above: Scale.excluded)
    var left = lanes & ~Value.lanes(references, equal: second)
    if left != 0 {
      self.references[0] = references
      self.units[0] = units
      let each = UnsafeRawPointer(self.references).assumingMemoryBound(to: Value.self)
      let sums = UnsafeMutableRawPointer(self.units).assumingMemoryBound(to: UInt64.self)
      while left != 0 {
        let lane = left.trailingZeroBitCount
        left &= left &- 1
        sums[lane] = sum(ofLane: lane, outside: slot, relativeTo: each[lane], targets)
      }
      units = self.units[0]
    }
    // Its own term is the one whose error would count in full.
    let kept = cvectors_units(
      cvectors_doubles_from_floats(scale.terms(largest, relativeTo: references)), unit.shifter)
    let own = cvectors_units(scale.preciseTerms(largest, relativeTo: references), unit.shifter)
    numbers[0] = cvectors_unit_shares(own, units, kept, unit.size)
    let probabilities = UnsafeRawPointer(numbers).assumingMemoryBound(to: Double.self)
    left = lanes
    while left != 0 {
      let lane = left.trailingZeroBitCount
      left &= left &- 1
      let cluster = firstCluster(ofLane: lane, outside: slot, with: values[lane], targets)
      list.append(Reassignment(slot: slot, cluster: cluster, probability: probabilities[lane]))
    }
  }

  /// The first cluster outside a target of which a row has a value. There must be one.
  @inline(__always)
  private func firstCluster(ofLane lane: Int, outside slot: Int, with value: Value, _ targets: TargetTable) -> Int {
    let wanted = Value.repeated(value)
    var part = targets.memberStarts[slot]
    var index = 0
    while index < vectors {
      let lanes = Value.lanes(values(index, ofLane: lane, outside: slot, &part, targets), equal: wanted)
      if lanes != 0 { return index &* 16 &+ lanes.trailingZeroBitCount }
      index &+= 1
    }
    preconditionFailure("the value is not in the row")
  }

  /// The sum of a row's terms outside a target, in units.
  @inline(never)
  private func sum(ofLane lane: Int, outside slot: Int, relativeTo reference: Value, _ targets: TargetTable) -> UInt64 {
    let references = Value.repeated(reference)
    var sum = TermSum(in: unit)
    var part = targets.memberStarts[slot]
    var index = 0
    while index < vectors {
      sum.add(scale.terms(values(index, ofLane: lane, outside: slot, &part, targets), relativeTo: references))
      index &+= 1
    }
    return sum.units
  }

  /// The sixteen values of a row from 16 · `index` on, with a target's clusters masked.
  ///
  /// - Parameter part: The first of the target's parts that is not before that; moved on to the next.
  @inline(__always)
  private func values(
    _ index: Int, ofLane lane: Int, outside slot: Int, _ part: inout Int, _ targets: TargetTable
  ) -> SIMD16<Value> {
    let values = rows[lane &* vectors &+ index]
    guard part < targets.memberStarts[slot &+ 1], Int(targets.parts[part].vector) == index else { return values }
    defer { part &+= 1 }
    return Value.replacing(values, lanes: targets.parts[part].lanes, with: Scale.excluded)
  }
}
