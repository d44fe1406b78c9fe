import Files
import HDF5
import LogitsToHierarchy

/// A segment of a store, opened: what was learnt of some rows.
final class SegmentReader: Sendable {
  let statistics: ClusterStatistics
  let sketches: SketchFileReader?
  private let path: String
  private let clusters: Int

  /// Opens a segment's file, after its checksum was checked.
  ///
  /// - Throws: ``StoreError/damaged(_:reason:)`` if it does not hold what it should.
  init(_ path: String, clusters: Int) throws(StoreError) {
    self.path = path
    self.clusters = clusters
    do {
      let file = try File(readOnly: path)
      let counts = try file.dataset(SegmentFile.counts).readNumbers(Int64.self)
      let low = try file.dataset(SegmentFile.doubtsLow).readNumbers(UInt64.self)
      let high = try file.dataset(SegmentFile.doubtsHigh).readNumbers(UInt64.self)
      guard counts.count == clusters, low.count == clusters, high.count == clusters, counts.allSatisfy({ $0 >= 0 })
      else { throw StoreError.damaged(path, reason: "its statistics are not of \(clusters) clusters") }
      let paths = try file.datasetPaths()
      let errors =
        paths.contains(SegmentFile.doubtErrors)
        ? try file.dataset(SegmentFile.doubtErrors).readNumbers(UInt64.self) : nil
      guard errors.map({ $0.count == clusters }) ?? true else {
        throw StoreError.damaged(path, reason: "its statistics are not of \(clusters) clusters")
      }
      statistics = ClusterStatistics(
        counts: counts.map { Int($0) }, doubts: zip(low, high).map { UInt128($1) << 64 | UInt128($0) },
        doubtErrors: errors?.map { UInt128($0) })
      sketches =
        paths.contains(SegmentFile.logits) ? try SketchFileReader(file, clusters: clusters, statistics.counts) : nil
    } catch let error as HDF5Error {
      throw StoreError(reading: path, error)
    } catch let error as FileError {
      throw .file(error)
    } catch let error as StoreError {
      throw error
    } catch {
      throw .damaged(path, reason: "\(error)")
    }
  }

  /// The cluster that each of the segment's `rows` rows was assigned to, −1 for rows left out.
  func assignments(rows: Int) throws(StoreError) -> [Int32] {
    try SegmentAssignments(path, rows: rows, clusters: clusters).read(0..<rows)
  }

  /// The evidence that is in an evidence file, or in a segment's.
  static func evidence(_ path: String, clusters: Int) throws(StoreError) -> ExactEvidence {
    let evidence: ExactEvidence?
    do throws(HDF5Error) {
      evidence = try EvidenceDatasets.read(File(readOnly: path), clusters: clusters)
    } catch {
      throw StoreError(reading: path, error)
    }
    guard let evidence else { throw .damaged(path, reason: "its evidence makes no sense") }
    return evidence
  }
}

extension Manifest {
  /// Its segments, opened, one after another. Their files must have been checked.
  func segmentReaders(in directory: StoreDirectory) throws(StoreError) -> [SegmentReader] {
    try segments.map { segment throws(StoreError) in
      try SegmentReader(directory.file(segment.file.name), clusters: clusters)
    }
  }
}
