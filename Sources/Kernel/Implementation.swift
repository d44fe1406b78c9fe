import KernelInterface

/// This module's kernel. It finds the types that a batch has, and works through the batch with code compiled for them.
package enum Implementation: KernelImplementation {
  package static func scratchByteCount(clusters: Int, sketchWidth: Int) -> Int {
    let byRow =
      RowKernel<Double.Logits>.scratchByteCount(clusters: clusters)
      &+ RowSketch<Double.Logits>.scratchByteCount(width: sketchWidth, clusters: clusters)
    #if ROWS_IN_LANES
      guard clusters <= TargetTable.mostClustersInLanes else { return byRow }
      return max(byRow, LaneKernel<Double.Logits>.scratchByteCount(clusters: clusters))
    #else
      return byRow
    #endif
  }

  package static var takesRowsInLanes: Bool {
    #if ROWS_IN_LANES
      true
    #else
      false
    #endif
  }

  package static func work(on batch: borrowing RowBatch) -> Int { worked(batch) }

  package static func placementScratchByteCount(clusters: Int) -> Int {
    RowPlacer<Double.Logits>.scratchByteCount(clusters: clusters)
  }

  package static func place(_ batch: borrowing PlacementBatch) -> Int { worked(batch) }

  package static func calibrate(_ batch: borrowing CalibrationBatch) -> Int { worked(batch) }

  package static func weigh(_ batch: borrowing LikelihoodBatch) -> Int { worked(batch) }

  package static func differenceScratchByteCount(clusters: Int) -> Int {
    RowKernel<Double.Logits>.scratchByteCount(clusters: clusters)
  }

  package static func subtract(_ batch: borrowing DifferenceBatch) -> Int { worked(batch) }

  @inline(__always)
  private static func worked(_ batch: borrowing some TypedBatch) -> Int {
    batch.form.numbers.isDouble ? worked(batch, Double.self) : worked(batch, Float.self)
  }

  @inline(__always)
  private static func worked<Value: KernelValue>(_ batch: borrowing some TypedBatch, _: Value.Type) -> Int {
    batch.form.isProbability ? batch.work(Value.Probabilities.self) : batch.work(Value.Logits.self)
  }

  package static func bound(_ batch: borrowing SketchBatch) {
    if batch.isDouble { bound(batch, Double.self) } else { bound(batch, Float.self) }
  }

  @inline(__always)
  private static func bound<Value: KernelValue>(_ batch: borrowing SketchBatch, _: Value.Type) {
    if batch.isProbability { batch.bound(Value.Probabilities.self) } else { batch.bound(Value.Logits.self) }
  }

  package static func doubt(_ batch: borrowing DoubtBatch) {
    if batch.isDouble { doubt(batch, Double.self) } else { doubt(batch, Float.self) }
  }

  @inline(__always)
  private static func doubt<Value: KernelValue>(_ batch: borrowing DoubtBatch, _: Value.Type) {
    if batch.isProbability { batch.doubt(Value.Probabilities.self) } else { batch.doubt(Value.Logits.self) }
  }
}

extension Implementation {
  package static func bringTogether(_ batch: borrowing TopKBatch) -> Int {
    batch.isDouble ? bringTogether(batch, Double.self) : bringTogether(batch, Float.self)
  }

  @inline(__always)
  private static func bringTogether<Value: KernelValue>(_ batch: borrowing TopKBatch, _: Value.Type) -> Int {
    batch.isProbability ? batch.bringTogether(Value.Probabilities.self) : batch.bringTogether(Value.Logits.self)
  }
}

/// A batch of rows, to be worked on by code compiled for its types.
private protocol TypedBatch {
  var form: RowForm { get }

  /// Returns the number of rows that were done: all, or those before the first that is invalid.
  borrowing func work<Scale: LogitScale>(_: Scale.Type) -> Int
}

extension PlacementBatch: TypedBatch {
  fileprivate borrowing func work<Scale: LogitScale>(_: Scale.Type) -> Int {
    let placer = RowPlacer(
      clusters: form.clusters, scale: Scale(temperature: form.temperature), format: form.numbers,
      scratch: Scratch(scratch))
    var done = 0
    while done < count {
      let row = rows + done &* rowByteCount
      let placed: PlacedRow?
      switch target {
      case .groups(let groups): placed = placer.group(row, groups)
      case .nodes(let nodes, let threshold): placed = placer.node(row, nodes, reaching: threshold)
      }
      guard let placed else { break }
      placements[done] = placed.placement
      probabilities[done] = placed.probability
      done &+= 1
    }
    return done
  }
}

extension CalibrationBatch: TypedBatch {
  fileprivate borrowing func work<Scale: LogitScale>(_: Scale.Type) -> Int {
    let placer = RowPlacer(
      clusters: form.clusters, scale: Scale(temperature: form.temperature), format: form.numbers,
      scratch: Scratch(scratch))
    var done = 0
    while done < count {
      let label = Int(labels.labels[done])
      wrong[done] = -1
      if label >= 0 {
        let start = labels.starts[label]
        let positions = LabelPositions(
          start: labels.members + Int(start), count: Int(labels.starts[label &+ 1] &- start))
        guard
          let found = placer.wrongThresholds(
            rows + done &* rowByteCount, tree, positions, thresholds, thresholdCount)
        else { break }
        wrong[done] = Int32(truncatingIfNeeded: found)
      }
      done &+= 1
    }
    return done
  }
}

extension LikelihoodBatch: TypedBatch {
  fileprivate borrowing func work<Scale: LogitScale>(_: Scale.Type) -> Int {
    let kernel = RowKernel(
      clusters: form.clusters, scale: Scale(temperature: form.temperature), format: form.numbers,
      scratch: Scratch(scratch))
    var done = 0
    while done < count {
      let label = Int(labels.labels[done])
      likelihoods[done] = RowLikelihood(finding: .nothing)
      if label >= 0 {
        let start = labels.starts[label]
        guard
          let found = kernel.likelihood(
            rows + done &* rowByteCount, labels.members + Int(start),
            Int(labels.starts[label &+ 1] &- start))
        else { break }
        likelihoods[done] = found
      }
      done &+= 1
    }
    return done
  }
}

extension DifferenceBatch: TypedBatch {
  fileprivate borrowing func work<Scale: LogitScale>(_: Scale.Type) -> Int {
    let kernel = RowKernel(
      clusters: form.clusters, scale: Scale(temperature: form.temperature), format: form.numbers,
      scratch: Scratch(scratch))
    let stride = DifferenceBatch.stride(clusters: form.clusters)
    var done = 0
    while done < count {
      let row = rows + done &* rowByteCount
      guard let cluster = kernel.differences(row, to: differences + done &* stride) else { break }
      assignments[done] = Int32(truncatingIfNeeded: cluster)
      done &+= 1
    }
    return done
  }
}

extension RowBatch: TypedBatch {
  @inline(__always)
  fileprivate borrowing func work<Scale: LogitScale>(_: Scale.Type) -> Int {
    #if ROWS_IN_LANES
      if sketches == nil, let walk = targets.walk { return work(inLanesAlong: walk, Scale.self) }
    #endif
    return workRowByRow(Scale.self)
  }

  #if ROWS_IN_LANES
    private borrowing func work<Scale: LogitScale>(inLanesAlong walk: TargetWalk, _: Scale.Type) -> Int {
      let kernel = LaneKernel(
        clusters: form.clusters, scale: Scale(temperature: form.temperature), format: form.numbers,
        scratch: Scratch(scratch))
      let end = rows + ((count &- 1) &* rowByteCount &+ form.clusters &* form.numbers.byteCount)
      var found = ReassignmentList(start: reassigned)
      var done = 0
      while done < count {
        let wanted = count &- done < 16 ? count &- done : 16
        let valid = kernel.outcomes(
          of: LaneRows(start: rows + done &* rowByteCount, count: wanted, byteCount: rowByteCount, end: end), targets,
          walk, assignments: assignments + done, doubts: doubts + done, &found)
        done &+= valid
        guard valid == wanted else { break }
      }
      reassignedCount.pointee = found.count
      return done
    }
  #endif

  private borrowing func workRowByRow<Scale: LogitScale>(_: Scale.Type) -> Int {
    let kernelBytes = RowKernel<Scale>.scratchByteCount(clusters: form.clusters)
    let kernel = RowKernel(
      clusters: form.clusters, scale: Scale(temperature: form.temperature), format: form.numbers,
      scratch: Scratch(scratch))
    var sketch: RowSketch<Scale>?
    if let sketches {
      sketch = RowSketch(width: sketches.width, clusters: form.clusters, scratch: Scratch(scratch + kernelBytes))
    }
    var found = ReassignmentList(start: reassigned)
    var done = 0
    while done < count {
      let row = rows + done &* rowByteCount
      guard let outcome = kernel.outcome(row, targets, sketch: &sketch, &found) else { break }
      assignments[done] = Int32(truncatingIfNeeded: outcome.assignment)
      doubts[done] = outcome.doubt
      if let sketches { sketch?.store(in: sketches, row: done) }
      done &+= 1
    }
    reassignedCount.pointee = found.count
    return done
  }
}

extension RowSketch {
  /// Stores the sketch as that of a row.
  fileprivate func store(in pointers: SketchPointers, row: Int) {
    let values = (pointers.values + row &* width &* MemoryLayout<Value>.stride).assumingMemoryBound(to: Value.self)
    var position = 0
    while position < width {
      values[position] = self.values[position]
      position &+= 1
    }
    position = 0
    if pointers.hasWideIndices {
      let indices = pointers.indices.assumingMemoryBound(to: UInt32.self) + row &* width
      while position < width {
        indices[position] = clusters[position]
        position &+= 1
      }
    } else {
      let indices = pointers.indices.assumingMemoryBound(to: UInt16.self) + row &* width
      while position < width {
        indices[position] = UInt16(truncatingIfNeeded: clusters[position])
        position &+= 1
      }
    }
    pointers.rests[row] = rest
  }
}

extension SketchBatch {
  @inline(__always)
  fileprivate borrowing func bound<Scale: LogitScale>(_: Scale.Type) {
    if sketches.hasWideIndices { bound(Scale.self, UInt32.self) } else { bound(Scale.self, UInt16.self) }
  }

  fileprivate borrowing func bound<Scale: LogitScale, Index: FixedWidthInteger & UnsignedInteger>(
    _: Scale.Type, _: Index.Type
  ) {
    let bounds = SketchBounds(
      scale: Scale(temperature: temperature), width: sketches.width, clusters: clusters, groupSize: groupSize,
      isMember: isMember)
    let values = sketches.values.assumingMemoryBound(to: Scale.Value.self)
    let indices = sketches.indices.assumingMemoryBound(to: Index.self)
    let countsRounding = hasRoundedValues ? widening > 0 : false
    var row = 0
    while row < count {
      let start = row &* sketches.width
      let interval: SketchInterval
      if let errors = sketches.restErrors {
        interval = bounds.interval(
          values + start, indices + start, rest: sketches.rests[row], error: errors[row],
          hasRoundedValues: countsRounding)
      } else {
        interval = bounds.interval(values + start, indices + start, rest: sketches.rests[row])
      }
      switch interval {
      case .nothing: reassigned[row] = Self.nothing
      case .unresolved: reassigned[row] = Self.unresolved
      case .resolved(let cluster, let least, let most):
        reassigned[row] = Int32(truncatingIfNeeded: cluster)
        let low = fixedPoint(least)
        let high = fixedPoint(most) &+ widening
        lower[row] = low > widening ? low &- widening : 0
        upper[row] = high < fixedPointOne ? high : fixedPointOne
      }
      row &+= 1
    }
  }
}

extension DoubtBatch {
  fileprivate borrowing func doubt<Scale: LogitScale>(_: Scale.Type) {
    let width = sketches.width
    let rows = SketchDoubt(scale: Scale(temperature: temperature), width: width)
    let values = sketches.values.assumingMemoryBound(to: Scale.Value.self)
    var row = 0
    switch figures {
    case .doubts(let doubts):
      while row < count {
        doubts[row] = fixedPoint(rows.doubt(values + row &* width, rest: sketches.rests[row]))
        row &+= 1
      }
    case .parts(let parts):
      while row < count {
        rows.write(values + row &* width, rest: sketches.rests[row], to: parts + row &* width)
        row &+= 1
      }
    }
  }
}

extension TopKBatch {
  fileprivate borrowing func bringTogether<Scale: LogitScale>(_: Scale.Type) -> Int {
    let masses = TopKMass<Scale>(clusters: clusters, width: width)
    let sketches = SketchDoubt(scale: Scale(temperature: 1), width: width)
    var row = 0
    while row < count {
      let values = (self.values + row &* stride &* MemoryLayout<Scale.Value>.stride)
        .assumingMemoryBound(to: Scale.Value.self)
      let finding = masses.finding(values, known: Int(known[row]), normalizer: normalizers?[row])
      sums[row] = finding.sum
      guard finding.fault == Self.noFault else {
        fault.pointee = finding.fault
        return row
      }
      rests[row] = finding.rest
      restErrors[row] = finding.restError
      let told = sketches.told(values, rest: finding.rest, error: finding.restError)
      doubts[row] = told.doubt
      reassigned[row] = told.reassigned
      // What the others have says it, and so does what the largest has.
      let byOthers = told.doubtError + told.doubt * finding.termError
      let byLargest = finding.doubtError + (told.doubt - finding.doubt).magnitude
      let error = byOthers < byLargest ? byOthers : byLargest
      doubtErrors[row] = error < 1 ? error : 1
      row &+= 1
    }
    return row
  }
}
