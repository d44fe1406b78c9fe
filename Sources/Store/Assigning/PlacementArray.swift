import Checksums
import Files
import Hierarchy
import LogitsToHierarchy

/// How rows' placements are written: with tables of groups or nodes as HDF5, or alone as a NumPy array.
package enum PlacementFormat: Sendable {
  case hdf5, npy
}

/// The NumPy file that rows' placements end up in: a structured array with the fields `group` or `node`, int32, and
/// `probability`, float32.
struct PlacementArray: PlacementOutput {
  private let plan: PiecePlan
  private let field: String

  init(_ rule: PlacementRule, _ plan: PiecePlan) {
    self.plan = plan
    field = rule.confidence == nil ? "group" : "node"
  }

  func write(
    to path: String, named name: String, pieces: (_ index: Int) throws(StoreError) -> PlacementPiece?
  ) throws(StoreError) -> FileSum {
    var file = try StoreError.files(FileWriter(creating: path, named: name))
    let type = "[('\(field)', '<i4'), ('probability', '<f4')]"
    try Self.write(NPY.header(type: type, shape: [plan.rows]), to: &file)
    for index in 0..<plan.count {
      let rows = plan.rows(of: index)
      guard let piece = try pieces(index) else { throw .lostPlacements(name, rows: rows) }
      var left = rows.count
      for chunk in piece.chunks {
        guard let bytes = entries(of: chunk, count: min(left, plan.chunkRows)) else {
          throw .lostPlacements(name, rows: rows)
        }
        try Self.write(bytes, to: &file)
        left -= plan.chunkRows
      }
    }
    do throws(FileError) { return try file.close() } catch { throw .file(error) }
  }

  private static func write(_ bytes: [UInt8], to file: inout FileWriter) throws(StoreError) {
    do throws(FileError) { try file.write(bytes) } catch { throw .file(error) }
  }

  /// The entries of a chunk's first rows; nil if it is damaged.
  private func entries(of chunk: PlacementPiece.Chunk, count: Int) -> [UInt8]? {
    guard let placements = ChunkCompressor.expanded(chunk.placements, count: plan.chunkRows),
      let probabilities = ChunkCompressor.expanded(chunk.probabilities, count: plan.chunkRows)
    else { return nil }
    return [UInt8](unsafeUninitializedCapacity: 8 * count) { bytes, written in
      for row in 0..<count {
        let entry = UnsafeMutableRawPointer(bytes.baseAddress.unsafelyUnwrapped + 8 * row)
        entry.storeBytes(of: placements[row].littleEndian, as: UInt32.self)
        entry.storeBytes(of: probabilities[row].littleEndian, toByteOffset: 4, as: UInt32.self)
      }
      written = 8 * count
    }
  }
}
