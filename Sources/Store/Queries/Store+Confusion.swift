import Hierarchy
import LogitsToHierarchy

/// What classes are confused with, and what groups might have been merged with.
extension Store {
  /// What each class is confused with, by clusters. It is learnt from the class affinity that segments have.
  ///
  /// - Throws: ``StoreError``
  package func confusions(of stored: StoredHierarchy) throws(StoreError) -> [ClassConfusion] {
    let evidence = try singleEvidence(of: stored.manifest)
    return stored.hierarchy.confusions { cluster in
      let reassigned = evidence[Group([cluster])] ?? .nothing
      return (reassigned.clusters, reassigned.sums)
    }
  }

  /// The groups that some merges' lowest groups might have been merged with, from the evidence of these groups, and from sketches of
  /// their rows; no input is read. Merges of which the store has nothing to tell are left out, and all if they are not of lowest
  /// groups.
  ///
  /// - Parameters:
  ///   - merges: In the order of steps.
  ///   - most: The most groups of a merge, its partner among them.
  /// - Throws: ``StoreError``, ``Interrupted``
  /// - Complexity: O(rows of the lowest groups); each takes what it has evidence of.
  package func rivals(
    of merges: [Merge], most: Int, in stored: StoredHierarchy, resources: RunResources, observer: any RunObserver
  ) throws -> [MergeRivals] {
    let manifest = stored.manifest
    guard manifest.options.strategy == .lowest, !merges.isEmpty else { return [] }
    try directory.check(
      manifest.segments.flatMap { [$0.file] + $0.evidence }, threads: resources.threads, observer)
    let groups = Set(merges.map { RivalSearch.lowestGroup(of: $0, in: stored.hierarchy) })
    let readers = try manifest.segmentReaders(in: directory)
    var search = RivalSearch(
      stored.hierarchy, try directory.evidence(of: groups, in: manifest), sketches: readers.compactMap(\.sketches),
      meaning: manifest.options.meaning, workers: resources.threads, shouldStop: { observer.shouldStop })
    return try merges.compactMap { try search.rivals(of: $0, most: most) }
  }
}

extension StoreDirectory {
  /// R of those groups whose rows have been asked in all segments. Files must have been checked.
  fileprivate func evidence(of groups: Set<Group>, in manifest: Manifest) throws(StoreError) -> ExactEvidence {
    var sums: [Group: (reassigned: ReassignedProbability, segments: Int)] = [:]
    for segment in manifest.segments {
      var known: Set<Group> = []
      for file in [segment.file] + segment.evidence {
        let found = try SegmentReader.evidence(self.file(file.name), clusters: manifest.clusters)
        for (group, reassigned) in found where groups.contains(group) && known.insert(group).inserted {
          let sum = sums[group] ?? (.nothing, 0)
          sums[group] = (sum.reassigned + reassigned, sum.segments + 1)
        }
      }
    }
    // A segment has nothing of a single cluster that gives nothing in it.
    return sums.filter { $0.key.clusters.count == 1 || $0.value.segments == manifest.segments.count }
      .mapValues(\.reassigned)
  }
}
