import HDF5
import LogitStream
import LogitsToHierarchy

extension StoreRun {
  /// Computes exact evidence of groups, segment by segment, from the rows of those of `segments` that lack it.
  ///
  /// - Returns: The number of rows of these segments.
  @discardableResult
  mutating func sweep(
    _ groups: [Group], _ segments: [Int], _ known: inout KnownSegments, _ observer: any RunObserver
  ) throws -> Int {
    let lacking = zip(segments, known.lacking(groups, segments: segments)).filter { !$1.isEmpty }
    let rows = lacking.reduce(0) { $0 + manifest.segments[$1.0].rows }
    guard rows > 0 else { return 0 }
    observer.willStart(.sweep(groups: Set(lacking.flatMap(\.1)).count, rows: rows))
    for (index, missing) in lacking {
      let segment = manifest.segments[index]
      let reader = try SegmentReader(directory.file(segment.file.name), clusters: manifest.clusters)
      let evidence = try reading(segment.slices) { [passes] in
        try passes.sweep(segment, reader, for: missing.map { groups[$0] }, observer)
      }
      try write(evidence, ofSegment: index)
      known.pool.add(evidence, ofSegment: index)
    }
    return rows
  }

  /// Writes exact evidence from the rows of a segment.
  mutating func write(_ evidence: ExactEvidence, ofSegment index: Int) throws {
    let file = try directory.addFile(manifest.newFileName("evidence")) { path throws(HDF5Error) in
      try EvidenceDatasets.write(evidence, to: path)
    }
    try add(file, toSegment: index)
  }
}

extension SourcePasses {
  /// Exact evidence of groups from the rows of a segment, which `reader` has open.
  func sweep(
    _ segment: Manifest.Segment, _ reader: SegmentReader, for groups: [Group], _ observer: any BuildObserver
  ) throws -> ExactEvidence {
    try sweep(
      segment.slices, for: groups, counts: reader.statistics.counts,
      assignments: reader.assignments(rows: segment.rows), observer: observer)
  }
}
