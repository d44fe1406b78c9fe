import Evaluation
import Report

/// What is said of labels: what they were taken for, and what is probably not as wanted.
struct LabelRemarks {
  let labelling: Labelling
  /// How they were read.
  let reading: LabelFile.Remarks
  /// Labels that are not in the table of coarser ones, and texts there that were taken for missing values.
  var missingFromCoarse: [String] = []
  var missingCoarser: [MissingText] = []
  /// What comes of it that some labels, but not all, are no cluster's name.
  var ofUnknown: Message = "so there is no top-1 accuracy"

  /// Says it on standard error.
  func tell() {
    notes.forEach(Console.note)
    warnings.forEach(Console.warning)
  }

  /// What labels were taken for.
  private var notes: [Message] {
    var notes: [Message] = ["labels: \(kind)\(reading.separator.map { ", from a table with \($0)" } ?? "")"]
    if let missing = MissingValues(reading.missing).remark(in: "labels", for: "no label") { notes.append(missing) }
    if let missing = MissingValues(missingCoarser).remark(in: "coarser labels", for: "none") { notes.append(missing) }
    if !reading.namedLikeMissing.isEmpty {
      notes.append("labels: \(names: reading.namedLikeMissing.map(\.text)) taken for the cluster of that name")
    }
    return notes
  }

  private var kind: Message {
    let count = labelling.labels.count
    switch labelling.kind {
    case .names:
      let known = labelling.clustersOfLabel.count { !$0.isEmpty }
      let names = Text.count(count, "name")
      if known == count { return "\(names) of clusters" }
      return known == 0 ? "\(names), none a cluster's" : "\(names), \(Text.grouped(known)) of them clusters'"
    case .columns:
      // In the order of columns.
      let columns = labelling.clustersOfLabel.compactMap(\.first)
      return "column numbers \(columns.first ?? 0)…\(columns.last ?? 0)"
    case .numbers:
      let (first, last) = (labelling.labels.first ?? "", labelling.labels.last ?? "")
      return "\(Text.count(count, "number")) \(first)…\(last), not those of columns, 0…\(hierarchyClusters - 1)"
    case .named(let file): return "\(Text.count(count, "number")), called as in \(file)"
    case .coarse: return "\(Text.count(count, "name"))"
    }
  }

  private var hierarchyClusters: Int { labelling.table.clusters }

  private var warnings: [Message] {
    var warnings: [Message] = []
    if labelling.isCountedFromOne {
      let clusters = hierarchyClusters
      warnings.append(
        """
        labels go from 1 to \(clusters), and columns are numbered 0…\(clusters - 1): if labels are counted from 1, take 1 \
        from each
        """)
    }
    if !reading.namedColumns.isEmpty {
      warnings.append(
        """
        labels were taken for column numbers, and clusters are called \(names: reading.namedColumns.map(\.text), most: 5) \
        too
        """)
    }
    if let word = reading.onlyWord {
      warnings.append(
        "labels: row \(word.row) holds \(name: word.text), which is no integer as the others are, and makes names of them all"
      )
    }
    let unknown = labelling.labels.indices.filter { labelling.clustersOfLabel[$0].isEmpty }
    if !unknown.isEmpty, unknown.count < labelling.labels.count {
      warnings.append(
        """
        \(Text.count(unknown.count, "label is", plural: "labels are")) no cluster's name, \(ofUnknown): \
        \(names: unknown.map { labelling.labels[$0] })
        """)
    }
    let shared = labelling.labels.indices.filter { labelling.clustersOfLabel[$0].count > 1 }
    if !shared.isEmpty, unknown.isEmpty {
      warnings.append(
        """
        \(Text.count(shared.count, "label is the name", plural: "labels are names")) of several clusters, and a row counts \
        as right in any of them: \(names: shared.map { labelling.labels[$0] })
        """)
    }
    if !missingFromCoarse.isEmpty {
      warnings.append(
        """
        \(Text.count(missingFromCoarse.count, "label is", plural: "labels are")) not in the table of coarser ones, which \
        \(missingFromCoarse.count == 1 ? "leaves its" : "leave their") rows out: \(names: missingFromCoarse)
        """)
    }
    return warnings
  }
}
