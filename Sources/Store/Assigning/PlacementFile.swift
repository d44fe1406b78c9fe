import Checksums
import HDF5
import Hierarchy
import LogitsToHierarchy

/// A file that rows' placements end up in.
protocol PlacementOutput: Sendable {
  /// Writes the file, and returns what it is meant to hold. It asks `pieces` for one after another, which gives nil for
  /// one that is not there.
  ///
  /// - Parameter name: What errors call the file.
  func write(
    to path: String, named name: String, pieces: (_ index: Int) throws(StoreError) -> PlacementPiece?
  ) throws(StoreError) -> FileSum
}

/// The HDF5 file that rows' placements end up in.
///
/// With groups: `group` and `probability` by row, `groups/…` by group, `clusters/…` by cluster. With a confidence: `node`
/// and `probability` by row, `nodes/…` by node, clusters first. Attributes of the root say how they came about.
struct PlacementFile: PlacementOutput {
  private let store: String
  private let hierarchy: ClusterHierarchy
  private let rule: PlacementRule
  private let meaning: RowMeaning
  private let plan: PiecePlan
  /// How a confidence was found, if it was.
  private let calibration: Calibration?
  /// nil where rows are placed at nodes.
  private let cut: Cut?

  /// - Throws: `CutError` if the tree can't be cut into so many groups.
  init(
    store: String, _ hierarchy: ClusterHierarchy, _ rule: PlacementRule, _ meaning: RowMeaning, _ plan: PiecePlan,
    _ calibration: Calibration? = nil
  ) throws(CutError) {
    self.store = store
    self.hierarchy = hierarchy
    self.rule = rule
    self.meaning = meaning
    self.plan = plan
    self.calibration = calibration
    if case .groups(let count) = rule { cut = try Cut(hierarchy, into: count) } else { cut = nil }
  }

  func write(
    to path: String, named name: String, pieces: (_ index: Int) throws(StoreError) -> PlacementPiece?
  ) throws(StoreError) -> FileSum {
    let file = try StoreError.writing(name) { () throws(HDF5Error) in
      let file = try NewFile(path)
      try setAttributes(file)
      if let cut { try write(cut, to: file) } else { try writeNodes(to: file) }
      return file
    }
    let rows = try StoreError.writing(name) { () throws(HDF5Error) in try RowDatasets(file, self) }
    for index in 0..<plan.count {
      guard let piece = try pieces(index) else { throw .lostPlacements(name, rows: plan.rows(of: index)) }
      try StoreError.writing(name) { () throws(HDF5Error) in
        try rows.write(piece, from: plan.rows(of: index).lowerBound)
      }
    }
    return try Self.closed(file, rows, named: name)
  }

  private static func closed(
    _ file: consuming NewFile, _ rows: consuming RowDatasets, named name: String
  ) throws(StoreError) -> FileSum {
    do throws(HDF5Error) {
      try rows.close()
      return try file.close()
    } catch {
      throw .cannotWrite(name, error)
    }
  }

  private func setAttributes(_ file: borrowing NewFile) throws(HDF5Error) {
    try file.setAttribute("format", .text("logitree assignments"))
    try file.setAttribute("version", .integer(1))
    try file.setAttribute("store", .text(store))
    switch rule {
    case .groups(let count): try file.setAttribute("groups", .integer(Int64(count)))
    case .confidence(let threshold), .confidenceFromRoot(let threshold):
      try file.setAttribute("confidence", .real(threshold))
    }
    try file.setAttribute("kind", .text(meaning.kind.rawValue))
    try file.setAttribute("temperature", .real(meaning.temperature))
    guard let calibration else { return }
    try file.setAttribute("accuracy", .real(calibration.promise.accuracy))
    try file.setAttribute("certainty", .real(calibration.promise.certainty))
    try file.setAttribute("calibration_rows", .integer(Int64(calibration.rows)))
    try file.setAttribute("calibration_wrong", .integer(Int64(calibration.wrong)))
    try file.setAttribute("test_rows", .integer(Int64(calibration.otherRows)))
    try file.setAttribute("test_wrong", .integer(Int64(calibration.otherWrong)))
    guard let blocks = calibration.blocks else { return }
    try file.setAttribute("calibration_blocks", .integer(Int64(blocks.chosen)))
    try file.setAttribute("test_blocks", .integer(Int64(blocks.others)))
  }

  private func write(_ cut: Cut, to file: borrowing NewFile) throws(HDF5Error) {
    try file.write(cut.groups.map(\.label), to: "/groups/name")
    try write(terms: cut.groups.map(\.node), to: "/groups", of: file)
    try file.write(cut.groups.map { Int32($0.node) }, to: "/groups/node")
    try file.write(cut.groups.map { Int64($0.clusters.count) }, to: "/groups/clusters")
    try file.write(cut.groups.map { Int64($0.samples) }, to: "/groups/samples")
    try file.write(hierarchy.clusters.map(\.name), to: "/clusters/name")
    try file.write(cut.groupOfCluster.map { Int32($0 ?? -1) }, to: "/clusters/group")
  }

  /// Writes the terms that fit nodes best, if there is a taxonomy; empty where none does.
  private func write(
    terms nodes: some Collection<Int>, to group: String, of file: borrowing NewFile
  ) throws(HDF5Error) {
    guard !hierarchy.terms.isEmpty else { return }
    let terms = nodes.map(hierarchy.term(of:))
    try file.write(terms.map { $0?.term ?? "" }, to: "\(group)/term")
    try file.write(terms.map { $0?.f1 ?? 0 }, to: "\(group)/term_f1")
  }

  private func writeNodes(to file: borrowing NewFile) throws(HDF5Error) {
    let nodes = 0..<hierarchy.clusters.count + hierarchy.merges.count
    var parents = [Int32](repeating: -1, count: nodes.count)
    for merge in hierarchy.merges {
      parents[merge.lowest] = Int32(merge.node)
      parents[merge.partner] = Int32(merge.node)
    }
    try file.write(hierarchy.nodeLabels, to: "/nodes/name")
    try write(terms: nodes, to: "/nodes", of: file)
    try file.write(parents, to: "/nodes/parent")
    try file.write(nodes.map { Int64(hierarchy.clusterCount(of: $0)) }, to: "/nodes/clusters")
    try file.write(nodes.map { Int64(hierarchy.samples(of: $0)) }, to: "/nodes/samples")
  }

  /// The datasets with what belongs to rows, chunk by chunk as pieces have it.
  private struct RowDatasets: ~Copyable {
    private let placements: NewDataset
    private let probabilities: NewDataset
    private let chunkRows: Int

    init(_ file: borrowing NewFile, _ content: PlacementFile) throws(HDF5Error) {
      let chunks = NewChunks(count: content.plan.chunkRows, level: ChunkCompressor.level)
      let shape = [content.plan.rows]
      let placements = try file.createDataset(
        content.cut == nil ? "/node" : "/group", .int32, shape: shape, chunks: chunks)
      probabilities = try file.createDataset("/probability", .float32, shape: shape, chunks: chunks)
      self.placements = placements
      chunkRows = content.plan.chunkRows
    }

    func write(_ piece: PlacementPiece, from first: Int) throws(HDF5Error) {
      var row = first
      for chunk in piece.chunks {
        try placements.writeChunk(at: row, chunk.placements)
        try probabilities.writeChunk(at: row, chunk.probabilities)
        row += chunkRows
      }
    }

    consuming func close() throws(HDF5Error) {
      try placements.close()
      try probabilities.close()
    }
  }
}
