import HDF5
import Hierarchy
import LogitsToHierarchy

/// The HDF5 file that rows' placements end up in.
///
/// With groups: `group` and `probability` by row, `groups/…` by group, `clusters/…` by cluster. With a confidence: `node`
/// and `probability` by row, `nodes/…` by node, clusters first. Attributes of the root say how they came about.
struct PlacementFile: Sendable {
  private let store: String
  private let hierarchy: ClusterHierarchy
  private let rule: PlacementRule
  private let meaning: RowMeaning
  private let plan: PiecePlan
  /// nil where rows are placed at nodes.
  private let cut: Cut?

  /// - Throws: `CutError` if the tree can't be cut into so many groups.
  init(
    store: String, _ hierarchy: ClusterHierarchy, _ rule: PlacementRule, _ meaning: RowMeaning, _ plan: PiecePlan
  ) throws(CutError) {
    self.store = store
    self.hierarchy = hierarchy
    self.rule = rule
    self.meaning = meaning
    self.plan = plan
    if case .groups(let count) = rule { cut = try Cut(hierarchy, into: count) } else { cut = nil }
  }

  /// Writes the file. It asks `pieces` for one after another, which gives nil for one that is not there.
  ///
  /// - Parameter name: What errors call the file.
  func write(to path: String, named name: String, pieces: (_ index: Int) -> PlacementPiece?) throws(StoreError) {
    var missing: Int?
    do throws(HDF5Error) {
      let file = try NewFile(path)
      try setAttributes(file)
      if let cut { try write(cut, to: file) } else { try writeNodes(to: file) }
      missing = try writeRows(to: file, pieces)
      try file.close()
    } catch {
      throw .cannotWrite(name, error)
    }
    if let missing { throw .lostPlacements(name, rows: plan.rows(of: missing)) }
  }

  private func setAttributes(_ file: borrowing NewFile) throws(HDF5Error) {
    try file.setAttribute("format", .text("logitree assignments"))
    try file.setAttribute("version", .integer(1))
    try file.setAttribute("store", .text(store))
    switch rule {
    case .groups(let count): try file.setAttribute("groups", .integer(Int64(count)))
    case .confidence(let threshold): try file.setAttribute("confidence", .real(threshold))
    }
    try file.setAttribute("kind", .text(meaning.kind.rawValue))
    try file.setAttribute("temperature", .real(meaning.temperature))
  }

  private func write(_ cut: Cut, to file: borrowing NewFile) throws(HDF5Error) {
    try file.write(cut.groups.map(\.label), to: "/groups/name")
    try file.write(cut.groups.map { Int32($0.node) }, to: "/groups/node")
    try file.write(cut.groups.map { Int64($0.clusters.count) }, to: "/groups/clusters")
    try file.write(cut.groups.map { Int64($0.samples) }, to: "/groups/samples")
    try file.write(hierarchy.clusters.map(\.name), to: "/clusters/name")
    try file.write(cut.groupOfCluster.map { Int32($0 ?? -1) }, to: "/clusters/group")
  }

  private func writeNodes(to file: borrowing NewFile) throws(HDF5Error) {
    let nodes = 0..<hierarchy.clusters.count + hierarchy.merges.count
    var parents = [Int32](repeating: -1, count: nodes.count)
    for merge in hierarchy.merges {
      parents[merge.lowest] = Int32(merge.node)
      parents[merge.partner] = Int32(merge.node)
    }
    try file.write(hierarchy.nodeLabels, to: "/nodes/name")
    try file.write(parents, to: "/nodes/parent")
    try file.write(nodes.map { Int64(hierarchy.clusterCount(of: $0)) }, to: "/nodes/clusters")
    try file.write(nodes.map { Int64(hierarchy.samples(of: $0)) }, to: "/nodes/samples")
  }

  /// Writes what belongs to rows; returns the first piece that is not there.
  private func writeRows(to file: borrowing NewFile, _ pieces: (Int) -> PlacementPiece?) throws(HDF5Error) -> Int? {
    let chunks = NewChunks(count: plan.chunkRows, level: ChunkCompressor.level)
    let placements = try file.createDataset(cut == nil ? "/node" : "/group", .int32, shape: [plan.rows], chunks: chunks)
    let probabilities = try file.createDataset("/probability", .float32, shape: [plan.rows], chunks: chunks)
    for index in 0..<plan.count {
      guard let piece = pieces(index) else { return index }
      var row = plan.rows(of: index).lowerBound
      for chunk in piece.chunks {
        try placements.writeChunk(at: row, chunk.placements)
        try probabilities.writeChunk(at: row, chunk.probabilities)
        row += plan.chunkRows
      }
    }
    return nil
  }
}
