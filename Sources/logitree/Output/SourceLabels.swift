import Evaluation
import LogitStream
import LogitsToHierarchy
import Report

/// Labels of a source's rows, read once to learn which there are.
struct SourceLabels {
  let labelling: Labelling
  /// What passes over the rows take.
  let rows: RowLabels
  private let reading: LabelFile.Remarks

  /// - Parameter names: The names of labels that are integers.
  /// - Throws: ``EvaluationError`` if there are not as many labels as rows, or no label is a cluster's;
  ///   ``LogitStreamError``
  init(_ file: LabelFile, names: NameFile?, of source: LogitSource, clusterNames: [String]) throws {
    var counter = LabelCounter(file, clusters: clusterNames.count)
    // Which clusters rows are assigned to makes no difference here.
    let clusters = [Int32](repeating: 0, count: RowLabels.windowRows)
    let places = try Self.places(of: file, source)
    var isLabelled: [Bool] = []
    for start in stride(from: 0, to: source.rows, by: RowLabels.windowRows) {
      let window = start..<min(start + RowLabels.windowRows, source.rows)
      let before = counter.unlabelledRows
      for part in places(window) { try counter.count(from: part.lowerBound, Array(clusters.prefix(part.count))) }
      isLabelled.append(counter.unlabelledRows - before < window.count)
    }
    let (labelling, codes) = try counter.counted(clusterNames: clusterNames, labelNames: names)
    guard labelling.clustersOfLabel.contains(where: { !$0.isEmpty }) else {
      throw EvaluationError.badData(
        file.location, location: nil,
        reason: "none of its labels is a cluster's: it has \(Text.list(labelling.labels, most: 3)), and clusters are "
          + Text.list(clusterNames, most: 3))
    }
    self.labelling = labelling
    reading = file.remarks
    rows = RowLabels(clusters: labelling.clustersOfLabel, rows: source.rows, isLabelled: isLabelled) { rows in
      try places(rows).flatMap { try codes.codes($0) }
    }
  }

  /// Says on standard error what labels were taken for, and what is probably not as wanted.
  func tell(ofUnknown: Message) {
    LabelRemarks(labelling: labelling, reading: reading, ofUnknown: ofUnknown).tell()
  }

  /// Where the labels of some rows are, if there are so many: one for each row that is taken, or for each row of the inputs.
  /// It is nil if there are neither as many.
  static func places(of count: Int, _ source: LogitSource) -> (@Sendable (Range<Int>) -> [Range<Int>])? {
    if count == source.rows { return { [$0] } }
    let starts = source.inputs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.arrayRows) }
    guard count == starts[source.inputs.count] else { return nil }
    return { rows in
      source.slices(of: rows).map { slice in
        starts[slice.input] + slice.rows.lowerBound..<starts[slice.input] + slice.rows.upperBound
      }
    }
  }

  private static func places(
    of file: LabelFile, _ source: LogitSource
  ) throws(EvaluationError) -> @Sendable (Range<Int>) -> [Range<Int>] {
    if let places = places(of: file.count, source) { return places }
    let all = source.inputs.reduce(0) { $0 + $1.arrayRows }
    let chosen = all == source.rows ? "" : ", chosen from \(Text.grouped(all))"
    throw .badData(
      file.location, location: nil,
      reason: "has \(Text.count(file.count, "label")), and there are \(Text.count(source.rows, "row"))\(chosen)")
  }
}
