import Evaluation
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Report
import Store

/// The results of evaluating a hierarchy by labels.
struct LabelResults {
  /// The number of rows in no cluster. They were left out when the store was built.
  let skippedRows: Int
  /// The evaluation by the labels, then those by coarser labels.
  let evaluations: [LabelEvaluation]
  /// Labels that are not in the table of coarser ones.
  let missingFromCoarse: [String]
  /// How labels were read, and the coarser ones.
  let remarks: LabelFile.Remarks
  let missingCoarser: [MissingText]
  /// Which of the labels each row has.
  let codes: LabelCodes
  /// How rows are numbered that have them.
  let numbering: RowNumbering
}

extension LabelResults {
  /// Says on standard error what labels were taken for, and what is probably not as wanted.
  func tell() {
    LabelRemarks(
      labelling: evaluations[0].labelling, reading: remarks, missingFromCoarse: missingFromCoarse,
      missingCoarser: missingCoarser
    ).tell()
  }

  /// The labels of the rows that were taken, for passes over them.
  func rowLabels(of stored: StoredHierarchy) throws -> RowLabels {
    let source = try LogitSource(stored.manifest.sources.map(\.input))
    let (codes, numbering) = (codes, numbering)
    let starts = source.inputs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.arrayRows) }
    return RowLabels(clusters: evaluations[0].labelling.clustersOfLabel, rows: source.rows) { rows in
      switch numbering {
      case .taken: try codes.codes(rows)
      case .all:
        try source.slices(of: rows).flatMap { slice in
          let start = starts[slice.input]
          return try codes.codes(start + slice.rows.lowerBound..<start + slice.rows.upperBound)
        }
      }
    }
  }

  /// Evaluates a store's hierarchy by labels, and by each coarser labelling.
  init(evaluating stored: StoredHierarchy, of store: Store, by sources: LabelSources) throws {
    let hierarchy = stored.hierarchy
    var counter = LabelCounter(sources.labels, clusters: hierarchy.clusters.count)
    let numbering = try Self.numbering(of: sources.labels, stored.manifest)
    try store.forEachAssignedRows(of: stored, numbered: numbering) { rows in
      try counter.count(from: rows.first, rows.clusters)
    }
    let (labelling, codes) = try counter.counted(
      clusterNames: hierarchy.clusters.map(\.name), labelNames: sources.names)
    let coarser = sources.coarser
    let labellings = [labelling] + (try coarser?.labellings(of: labelling) ?? [])
    self.init(
      skippedRows: counter.skippedRows, evaluations: labellings.map { LabelEvaluation(hierarchy, $0) },
      missingFromCoarse: coarser?.missing(from: labelling) ?? [], remarks: sources.labels.remarks,
      missingCoarser: coarser?.missing ?? [], codes: codes, numbering: numbering)
  }

  /// Whether there is a label for each row that was taken, or for each row of the inputs. The number of labels tells.
  private static func numbering(of file: LabelFile, _ manifest: Manifest) throws(EvaluationError) -> RowNumbering {
    if file.count == manifest.rows { return .taken }
    if file.count == manifest.arrayRows { return .all }
    let chosen = manifest.arrayRows == manifest.rows ? "" : ", chosen from \(Text.grouped(manifest.arrayRows))"
    throw .badData(
      file.location, location: nil,
      reason: "has \(Text.count(file.count, "label")), and the store was built from "
        + "\(Text.count(manifest.rows, "row"))\(chosen)")
  }
}
