import Hierarchy
import LogitStream
import LogitsToHierarchy
import Synchronization
import Threads

/// A run that assigns rows. It makes the pieces that are missing, and then the file of all pieces.
struct PlacementRun: Sendable {
  let pass: PlacementPass
  let plan: PiecePlan
  /// nil where rows are placed in groups.
  private let depths: NodeDepths?
  private let observer: any RunObserver
  /// What the inputs were before any row was read.
  private let looks: [InputLook]

  init(
    _ source: LogitSource, _ hierarchy: ClusterHierarchy, _ rule: PlacementRule, _ meaning: RowMeaning,
    resources: RunResources, observer: any RunObserver, looks: [InputLook]
  ) throws {
    plan = PiecePlan(rows: source.rows, rowByteCount: source.inputs.map(\.rowByteCount).max() ?? 1)
    // One piece is being written while the next one is compressed.
    pass = try PlacementPass(
      source, hierarchy, rule, meaning, resources: resources, mostRows: plan.pieceRows,
      outputByteCount: 3 * 8 * plan.pieceRows, observer: observer)
    depths = rule.confidence == nil ? nil : NodeDepths(hierarchy)
    self.observer = observer
    self.looks = looks
  }

  /// Works on the rows of all pieces that are not finished.
  func finishPieces(in partial: borrowing PartialPlacements) throws -> Store.PlacementFigures {
    var figures = Store.PlacementFigures()
    var missing: [Int] = []
    for index in 0..<plan.count {
      guard let piece = try partial.piece(index) else {
        missing.append(index)
        continue
      }
      figures.add(piece, rows: plan.rows(of: index).count)
    }
    figures.resumedRows = figures.rows
    for index in missing { try pass.checkWritten(plan.rows(of: index)) }
    observer.willStart(.assign(rows: plan.rows - figures.rows))
    // A piece is written while the next one is worked on: waiting for the disk costs no time then.
    var writing: BackgroundTask<Void>?
    do {
      for index in missing {
        let piece = try self.piece(index)
        figures.add(piece, rows: plan.rows(of: index).count)
        try writing?.value()
        writing = BackgroundTask(partial.writer(index, piece))
      }
    } catch {
      // A piece that can't be written is made again by the next run. What went wrong first is what is told.
      try? writing?.value()
      throw error
    }
    try writing?.value()
    return figures
  }

  /// Works on the rows of a piece.
  private func piece(_ index: Int) throws -> PlacementPiece {
    let chunks = CollectedChunks(count: plan.chunkCount(of: index))
    let counts = try run(plan.rows(of: index)) { [plan, depths] chunk in
      chunks.add(
        PlacementPiece.Chunk(
          placements: ChunkCompressor.compressed(UnsafeRawBufferPointer(chunk.placements), count: plan.chunkRows),
          probabilities: ChunkCompressor.compressed(
            UnsafeRawBufferPointer(chunk.probabilities), count: plan.chunkRows)),
        at: chunk.index, withoutPlacement: chunk.placements.count { $0 < 0 },
        depths?.sums(chunk.placements) ?? PlacementDepth())
    }
    return chunks.piece(counts)
  }

  /// Places rows, which must be the same before and after.
  private func run(
    _ rows: Range<Int>, _ take: @escaping @Sendable (PlacedChunk) throws -> Void
  ) throws -> (skipped: Int, unwritten: Int, irregular: Int) {
    let inputs = pass.source.slices(of: rows).map { looks[$0.input] }
    do {
      let counts = try pass.run(rows, chunkRows: plan.chunkRows, take)
      for look in inputs { try look.check() }
      return counts
    } catch {
      // What went wrong may have come of a change.
      if !(error is Interrupted) { for look in inputs { try look.check() } }
      throw error
    }
  }

  /// Puts the file made of all pieces at `path`.
  func assemble(_ file: some PlacementOutput, from partial: borrowing PartialPlacements, at path: String)
    throws(StoreError)
  {
    try partial.putResult(at: path) { temporary throws(StoreError) in
      try file.write(to: temporary, named: path) { index throws(StoreError) in try partial.piece(index) }
    }
  }
}

extension Store.PlacementFigures {
  fileprivate mutating func add(_ piece: PlacementPiece, rows count: Int) {
    rows += count
    skippedRows += piece.skippedRows
    unwrittenRows += piece.unwrittenRows
    unplacedRows += piece.unplacedRows
    irregularRows += piece.irregularRows
    depth += piece.depth
  }
}

/// The chunks of a piece, as workers finish them.
private final class CollectedChunks: Sendable {
  private struct State {
    var chunks: [PlacementPiece.Chunk]
    var withoutPlacement = 0
    var depth = PlacementDepth()
  }

  private let state: Mutex<State>

  init(count: Int) {
    let none = PlacementPiece.Chunk(placements: [], probabilities: [])
    state = Mutex(State(chunks: Array(repeating: none, count: count)))
  }

  func add(_ chunk: PlacementPiece.Chunk, at index: Int, withoutPlacement count: Int, _ depth: PlacementDepth) {
    state.withLock { state in
      state.chunks[index] = chunk
      state.withoutPlacement += count
      state.depth += depth
    }
  }

  func piece(_ counts: (skipped: Int, unwritten: Int, irregular: Int)) -> PlacementPiece {
    state.withLock { state in
      PlacementPiece(
        chunks: state.chunks, skippedRows: counts.skipped, unwrittenRows: counts.unwritten,
        unplacedRows: state.withoutPlacement - counts.skipped, irregularRows: counts.irregular,
        depth: state.depth)
    }
  }
}
