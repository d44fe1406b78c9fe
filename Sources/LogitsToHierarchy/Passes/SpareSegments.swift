import Synchronization

/// Memory of segments that were written, for those that come: fresh pages for each would take longer than its sums.
final class SpareSegments: Sendable {
  private let segments = Mutex<[ScannedSegment]>([])

  func take(
    _ format: SketchFormat?, rows: Int, clusters: Int, _ foreseen: [Group], hasDenseSums: Bool
  ) -> ScannedSegment {
    let found = segments.withLock { segments in
      // Those for other groups, or for fewer rows, are of no use any more.
      segments.removeAll { segment in
        segment.sums.targets.groups[clusters...] != foreseen[...]
          || segment.sketches?.format == format && segment.assignments.capacity < rows
      }
      return segments.firstIndex { $0.sketches?.format == format }.map { segments.remove(at: $0) }
    }
    guard let found else {
      return ScannedSegment(
        sums: SharedSums(
          targets: .singletons(clusters: clusters, and: foreseen), clusters: clusters, isDense: hasDenseSums),
        assignments: RowAssignments(capacity: rows), sketches: format.map { SketchRows($0, capacity: rows) })
    }
    found.sums.reset()
    found.assignments.reset(count: rows)
    return found
  }

  func put(_ segment: ScannedSegment) {
    var segment = segment
    segment.kept = nil
    segments.withLock { [segment] in $0.append(segment) }
  }

  func removeAll() { segments.withLock { $0.removeAll() } }
}
