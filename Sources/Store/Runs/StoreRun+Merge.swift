import Hierarchy
import LogitsToHierarchy
import Threads

extension StoreRun {
  /// Checks and opens the files of all segments, and adds up the evidence in them.
  mutating func openSegments() throws -> KnownSegments {
    try checkFiles()
    var statistics = ClusterStatistics(clusters: manifest.clusters)
    var sketches: [SketchFileReader] = []
    for segment in manifest.segments {
      guard !observer.shouldStop else { throw Interrupted() }
      let reader = try SegmentReader(directory.file(segment.file.name), clusters: manifest.clusters)
      statistics.add(reader.statistics)
      if let found = reader.sketches { sketches.append(found) }
    }
    guard options.sketchWidth == 0 ? sketches.isEmpty : sketches.count == manifest.segments.count else {
      throw StoreError.damaged(directory.path, reason: "not all of its segments have sketches, or not none")
    }
    var known = KnownSegments(
      statistics,
      EvidencePool(
        statistics, segmentCount: manifest.segments.count, sketches: sketches, meaning: options.meaning,
        memory: passes.memory, observer: observer),
      options: options)
    for (index, segment) in manifest.segments.enumerated() {
      guard !observer.shouldStop else { throw Interrupted() }
      for file in [segment.file] + segment.evidence {
        let evidence = try SegmentReader.evidence(directory.file(file.name), clusters: manifest.clusters)
        known.pool.add(evidence, ofSegment: index)
      }
    }
    return known
  }

  /// Whether the rows that must be read again can be read. If not, estimates will do where they are allowed.
  func canSweep(_ outcome: MergeLoop.Outcome, _ known: KnownSegments) throws -> Bool {
    if passes.source.hasTopK {
      if !allowsEstimates { try passes.source.checkDecides(outcome) }
      return false
    }
    let lacking = known.lacking(outcome.pending, segments: Array(manifest.segments.indices))
    for (segment, lacking) in zip(manifest.segments, lacking) where !lacking.isEmpty {
      for slice in segment.slices {
        guard let failure = goneSources[slice.input] else { continue }
        let steps = outcome.guesses
        if allowsEstimates && !steps.isEmpty { return false }
        throw StoreError.sourceGone(failure, steps: steps.isEmpty ? [outcome.merges.count + 1] : steps)
      }
    }
    return true
  }
}
