import Hierarchy
import LogitStream
import LogitsToHierarchy
import Threads

extension Store {
  /// Finds the least confidence under which the nodes that rows are assigned to keep a promise, from rows with labels.
  ///
  /// - Parameters:
  ///   - stored: A state of this store.
  ///   - meaning: As in ``assign(_:by:of:meaning:to:resources:observer:)``.
  ///   - blocks: For each row the block that it belongs to, if rows of one block are not independent.
  ///   - split: Chooses the rows, or blocks, that the confidence is found on. The others tell what accuracy it reaches.
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``, ``CalibrationError``; what reading labels throws.
  package func calibrate(
    _ promise: AccuracyPromise, on source: LogitSource, _ labels: RowLabels, blocks: [Int64]? = nil,
    of stored: StoredHierarchy, meaning: RowMeaning, split: RowSplit, resources: RunResources, observer: any RunObserver
  ) throws -> Calibration {
    try checkForm(of: source, stored, meaning)
    let pass = try CalibrationPass(source, stored.hierarchy, labels, resources: resources, observer: observer)
    let counts = try Self.reading(source) {
      observer.willStart(.calibrate(rows: source.rows))
      return try pass.run(meaning, split, blocks: blocks)
    }
    return try Calibration(counts, keeping: promise)
  }

  /// Makes sure that a source's rows may be held against the tree.
  ///
  /// - Throws: ``StoreError/otherClusters(location:found:store:expected:)``, ``BuildError/looksLike(location:kind:)``
  func checkForm(of source: LogitSource, _ stored: StoredHierarchy, _ meaning: RowMeaning) throws {
    guard source.clusters == stored.manifest.clusters else {
      throw StoreError.otherClusters(
        location: source.inputs[0].location, found: source.clusters, store: directory.path,
        expected: stored.manifest.clusters)
    }
    if meaning.isKindAssumed, let (input, kind) = try stored.manifest.otherKind(of: source.inputs) {
      throw BuildError.looksLike(location: input.location, kind: kind)
    }
  }

  /// Reads rows of a source, which must be the same before and after.
  static func reading<Result>(_ source: LogitSource, _ work: () throws -> Result) throws -> Result {
    let looks = try source.looks()
    let result: Result
    do {
      result = try work()
    } catch {
      // What went wrong may have come of a change.
      if !(error is Interrupted) { for look in looks { try look.check() } }
      throw error
    }
    for look in looks { try look.checkRows() }
    return result
  }
}
