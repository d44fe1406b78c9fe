import Foundation
import LogitStream
import LogitsToHierarchy
import Synchronization
import Threads

/// A run that assigns rows: what is missing of the pieces, and then the file made of them.
struct AssignmentRun: Sendable {
  let pass: AssignmentPass
  let plan: PiecePlan
  private let observer: any RunObserver

  init(
    _ source: LogitSource, _ stored: StoredHierarchy, _ options: Store.AssignOptions, observer: any RunObserver
  ) throws {
    var all = AssignmentOptions(options.rule)
    all.kind = options.kind ?? stored.manifest.options.kind
    all.temperature = options.temperature ?? stored.manifest.options.temperature
    all.invalidRows = options.invalidRows
    all.memory = options.memory
    all.threads = options.threads
    plan = PiecePlan(rows: source.rows, rowByteCount: source.inputs.map(\.rowByteCount).max() ?? 1)
    // One piece is being written while the next one is compressed.
    pass = try AssignmentPass(
      source, stored.hierarchy, options: all, mostRows: plan.pieceRows, outputBytes: 3 * 8 * plan.pieceRows,
      observer: observer)
    self.observer = observer
  }

  /// Works on the rows of all pieces that are not finished.
  func finishPieces(in partial: borrowing PartialAssignments) throws -> Store.AssignmentFigures {
    var figures = Store.AssignmentFigures()
    var missing: [Int] = []
    for index in 0..<plan.count {
      guard let piece = partial.piece(index) else {
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
      try? writing?.value()
      throw error
    }
    try writing?.value()
    return figures
  }

  /// Works on the rows of a piece.
  private func piece(_ index: Int) throws -> AssignmentPiece {
    let chunks = CollectedChunks(count: plan.chunkCount(of: index))
    let skipped = try pass.run(plan.rows(of: index), chunkRows: plan.chunkRows) { [plan] chunk in
      chunks.add(
        AssignmentPiece.Chunk(
          places: ChunkCompressor.compressed(UnsafeRawBufferPointer(chunk.places), count: plan.chunkRows),
          probabilities: ChunkCompressor.compressed(
            UnsafeRawBufferPointer(chunk.probabilities), count: plan.chunkRows)),
        at: chunk.index, withoutPlace: chunk.places.count { $0 < 0 })
    }
    return chunks.piece(skippedRows: skipped)
  }

  /// Puts the file made of all pieces at `path`.
  func assemble(_ file: AssignmentFile, from partial: borrowing PartialAssignments, at path: String) throws(StoreError)
  {
    try partial.putResult(at: path) { temporary throws(StoreError) in
      try file.write(to: temporary) { index in partial.piece(index) }
    }
  }
}

extension Store.AssignmentFigures {
  fileprivate mutating func add(_ piece: AssignmentPiece, rows count: Int) {
    rows += count
    skippedRows += piece.skippedRows
    unassignedRows += piece.unassignedRows
  }
}

/// The chunks of a piece, as workers finish them.
private final class CollectedChunks: Sendable {
  private struct State {
    var chunks: [AssignmentPiece.Chunk]
    var withoutPlace = 0
  }

  private let state: Mutex<State>

  init(count: Int) {
    let none = AssignmentPiece.Chunk(places: [], probabilities: [])
    state = Mutex(State(chunks: Array(repeating: none, count: count)))
  }

  func add(_ chunk: AssignmentPiece.Chunk, at index: Int, withoutPlace count: Int) {
    state.withLock { state in
      state.chunks[index] = chunk
      state.withoutPlace += count
    }
  }

  func piece(skippedRows: Int) -> AssignmentPiece {
    state.withLock { state in
      AssignmentPiece(
        chunks: state.chunks, skippedRows: skippedRows, unassignedRows: state.withoutPlace - skippedRows)
    }
  }
}
