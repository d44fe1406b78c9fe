import Synchronization

/// The placements of some neighbouring rows. Valid until whoever is given it returns.
package struct PlacedChunk {
  /// The number of the chunk among those of the rows that were asked for.
  package let index: Int
  /// The group or node of each row: −1 where there is none, and where the row is invalid.
  package let placements: UnsafeBufferPointer<Int32>
  /// The probability of the group or node; of the root where that does not reach the confidence, NaN where the row is invalid.
  package let probabilities: UnsafeBufferPointer<Float>
}

/// The placements of rows, filled in by all workers, and an account of which chunks are complete.
final class PlacedRows: Sendable {
  private let memory: PageBuffer
  // Each row is one worker's to write, until its chunk is complete.
  nonisolated(unsafe) let placements: UnsafeMutablePointer<Int32>
  nonisolated(unsafe) let probabilities: UnsafeMutablePointer<Float>

  private struct State {
    var count = 0
    var chunkRows = 1
    /// The rows that are still to come, of each chunk.
    var missing: [Int] = []
  }

  private let state = Mutex(State())
  private let skipped = Atomic(0)
  private let unwritten = Atomic(0)
  private let irregular = Atomic(0)

  static func byteCount(_ rows: Int) -> Int { 8 * rows }

  init(capacity: Int) {
    memory = PageBuffer(byteCount: Self.byteCount(capacity))
    guard let start = memory.bytes.baseAddress else { preconditionFailure("pages have an address") }
    placements = start.assumingMemoryBound(to: Int32.self)
    probabilities = (start + 4 * capacity).assumingMemoryBound(to: Float.self)
  }

  var skippedRows: Int { skipped.load(ordering: .relaxed) }
  var unwrittenRows: Int { unwritten.load(ordering: .relaxed) }
  var irregularRows: Int { irregular.load(ordering: .relaxed) }

  /// Makes ready for `count` rows.
  func begin(count: Int, chunkRows: Int) {
    precondition(count > 0 && 8 * count <= memory.bytes.count)
    skipped.store(0, ordering: .relaxed)
    unwritten.store(0, ordering: .relaxed)
    irregular.store(0, ordering: .relaxed)
    state.withLock { state in
      state.count = count
      state.chunkRows = chunkRows
      state.missing = stride(from: 0, to: count, by: chunkRows).map { min(chunkRows, count - $0) }
    }
  }

  /// Leaves rows out.
  func skip(_ rows: Range<Int>, unwritten isUnwritten: Bool) {
    for row in rows {
      placements[row] = -1
      probabilities[row] = .nan
    }
    skipped.add(rows.count, ordering: .relaxed)
    if isUnwritten { unwritten.add(rows.count, ordering: .relaxed) }
  }

  /// Counts rows that are not quite what their kind says.
  func addIrregularRows(_ count: Int) { irregular.add(count, ordering: .relaxed) }

  /// Takes note that rows are there, and returns the chunks that are complete with them.
  func finish(_ rows: Range<Int>) -> [Int] {
    state.withLock { state in
      var complete: [Int] = []
      for chunk in rows.lowerBound / state.chunkRows...(rows.upperBound - 1) / state.chunkRows {
        let start = chunk * state.chunkRows
        state.missing[chunk] -= rows.clamped(to: start..<start + state.chunkRows).count
        if state.missing[chunk] == 0 { complete.append(chunk) }
      }
      return complete
    }
  }

  /// The rows of a chunk that is complete.
  func chunk(_ index: Int) -> PlacedChunk {
    let (start, count) = state.withLock { state in
      let start = index * state.chunkRows
      return (start, min(state.chunkRows, state.count - start))
    }
    return PlacedChunk(
      index: index, placements: UnsafeBufferPointer(start: placements + start, count: count),
      probabilities: UnsafeBufferPointer(start: probabilities + start, count: count))
  }
}
