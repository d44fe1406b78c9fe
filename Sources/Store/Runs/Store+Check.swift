import Errors
import LogitStream
import LogitsToHierarchy

extension Store {
  /// What a check found.
  package struct Findings: Sendable {
    /// What is wrong with the store itself.
    package var damage: [StoreError] = []
    /// What of the store could not be looked at.
    package var unread: [StoreError] = []
    /// Inputs that are gone, or no longer what the store was built from.
    package var sources: [SourceFinding] = []
    /// What was looked at.
    package var files = 0
    package var byteCount = 0
  }

  /// What has become of an input.
  package enum SourceFinding: CategorizedError, Sendable, Equatable {
    case otherForm(known: LogitInput, found: LogitInput)
    case otherRows(LogitInput)
    case unreadable(LogitStreamError)
  }

  /// Verifies checksums and consistency, and that the inputs are still what they were.
  ///
  /// - Throws: ``StoreError`` if there is no complete state, or its manifest is damaged.
  package func check() throws(StoreError) -> Findings {
    let stored = try read()
    let manifest = stored.manifest
    var findings = Findings()
    var statistics = ClusterStatistics(clusters: manifest.clusters)
    for segment in manifest.segments {
      for file in [segment.file] + segment.evidence {
        do throws(StoreError) {
          let path = try directory.checked(file)
          _ = try SegmentReader.evidence(path, clusters: manifest.clusters)
          if file == segment.file {
            let reader = try SegmentReader(path, clusters: manifest.clusters)
            if reader.statistics.counts.reduce(0, +) != segment.rows - segment.skippedRows {
              findings.damage.append(.inconsistent(path, reason: "has other rows than the manifest says"))
            }
            if try Self.assignedCounts(path, segment, manifest) != reader.statistics.counts {
              findings.damage.append(.inconsistent(path, reason: "its assignments are not those of its clusters"))
            }
            statistics.add(reader.statistics)
          }
        } catch {
          if error.category == .inputOutput { findings.unread.append(error) } else { findings.damage.append(error) }
        }
        findings.files += 1
        findings.byteCount += file.byteCount
      }
    }
    for part in manifest.replicates?.parts ?? [] {
      do throws(StoreError) {
        _ = try directory.trees(part, of: manifest)
      } catch {
        if error.category == .inputOutput { findings.unread.append(error) } else { findings.damage.append(error) }
      }
      findings.files += 1
      findings.byteCount += part.file.byteCount
    }
    if let record = manifest.taxonomy?.file {
      do throws(StoreError) {
        _ = try directory.taxonomy(record)
      } catch {
        if error.category == .inputOutput { findings.unread.append(error) } else { findings.damage.append(error) }
      }
      findings.files += 1
      findings.byteCount += record.byteCount
    }
    if !manifest.missingRows.isEmpty {
      findings.damage.append(.inconsistent(directory.path, reason: "rows are missing"))
    }
    if findings.damage.isEmpty, findings.unread.isEmpty, statistics.counts != stored.hierarchy.clusters.map(\.samples) {
      findings.damage.append(.inconsistent(directory.path, reason: "the hierarchy is of other rows than the segments"))
    }
    // A stream is not to be found anywhere.
    findings.sources = manifest.sources.filter { !$0.input.isStream }.compactMap(Self.difference)
    return findings
  }

  /// The rows that a segment's assignments give to each cluster.
  private static func assignedCounts(
    _ path: String, _ segment: Manifest.Segment, _ manifest: Manifest
  ) throws(StoreError) -> [Int] {
    var counts = [Int](repeating: 0, count: manifest.clusters)
    let assignments = try SegmentAssignments(path, rows: segment.rows, clusters: manifest.clusters)
    for part in assignments.parts(of: 0..<segment.rows) {
      for cluster in try assignments.read(part) where cluster >= 0 { counts[Int(cluster)] += 1 }
    }
    return counts
  }

  /// How an input differs from what it was; nil if it does not. Rows appended are no difference.
  private static func difference(_ source: Manifest.Source) -> SourceFinding? {
    let known = source.input
    do throws(LogitStreamError) {
      let found = try known.current()
      guard found.clusters == known.clusters, found.format == known.format, found.rows >= known.rows else {
        return .otherForm(known: known, found: found)
      }
      guard try found.fingerprint(rows: known.rows) == source.fingerprint else {
        return .otherRows(known)
      }
      return nil
    } catch {
      return .unreadable(error)
    }
  }
}

extension Store.SourceFinding {
  package var description: String {
    switch self {
    case .otherForm(let known, let found):
      "\(known.location): is \(found.rows) × \(found.clusters) \(found.format), "
        + "and was \(known.rows) × \(known.clusters) \(known.format)"
    case .otherRows(let known): "\(known.location): its rows are not those the store was built from"
    case .unreadable(let error): "\(error)"
    }
  }

  package var category: ErrorCategory {
    switch self {
    case .otherForm, .otherRows: .missing
    case .unreadable(let error): error.category == .inputOutput ? .inputOutput : .missing
    }
  }
}
