import Foundation
import LogitStream
import LogitsToHierarchy

extension Store {
  /// What a check found.
  public struct Findings: Sendable {
    /// What is wrong with the store itself.
    public var damage: [String] = []
    /// Inputs that are gone, or no longer what the store was built from.
    public var sources: [String] = []
    /// What was looked at.
    public var files = 0
    public var byteCount = 0
  }

  /// Verifies checksums and consistency, and that the inputs are still what they were.
  ///
  /// - Throws: ``StoreError`` if there is no complete state, or its manifest is damaged.
  public func check() throws(StoreError) -> Findings {
    let stored = try read()
    let manifest = stored.manifest
    var findings = Findings()
    var statistics = ClusterStatistics(clusters: manifest.clusters)
    for segment in manifest.segments {
      for file in [segment.file] + segment.evidence {
        do {
          let path = try directory.checked(file)
          _ = try SegmentReader.evidence(path, clusters: manifest.clusters)
          if file == segment.file {
            let reader = try SegmentReader(path, clusters: manifest.clusters)
            let rows = segment.slices.reduce(0) { $0 + $1.rows.count } - segment.skippedRows
            if reader.statistics.counts.reduce(0, +) != rows {
              findings.damage.append("\(path): has other rows than the manifest says")
            }
            statistics.add(reader.statistics)
          }
        } catch {
          findings.damage.append("\(error)")
        }
        findings.files += 1
        findings.byteCount += file.byteCount
      }
    }
    if !manifest.missingRows.isEmpty { findings.damage.append("\(directory.path): rows are missing") }
    if findings.damage.isEmpty, statistics.counts != stored.hierarchy.clusters.map(\.samples) {
      findings.damage.append("\(directory.path): the hierarchy is of other rows than the segments")
    }
    findings.sources = manifest.sources.compactMap(Self.difference)
    return findings
  }

  /// How an input differs from what it was; nil if it does not. Rows appended are no difference.
  private static func difference(_ source: Manifest.Source) -> String? {
    let known = source.input
    do {
      let found = try known.current()
      guard found.clusters == known.clusters, found.format == known.format, found.rows >= known.rows else {
        return "\(known.place): is \(found.rows) × \(found.clusters) \(found.format), "
          + "and was \(known.rows) × \(known.clusters) \(known.format)"
      }
      guard try found.fingerprint(rows: known.rows) == source.fingerprint else {
        return "\(known.place): its rows are not those the store was built from"
      }
      return nil
    } catch {
      return "\(error)"
    }
  }
}
