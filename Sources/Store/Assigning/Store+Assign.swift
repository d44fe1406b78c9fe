import Files
import FoundationEssentials
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Texts

extension Store {
  /// What came of assigning rows.
  package struct PlacementFigures: Sendable, Equatable {
    package var rows = 0
    /// Rows that an earlier run had done.
    package var resumedRows = 0
    /// Rows left out since they are invalid.
    package var skippedRows = 0
    /// Those of them that were never written.
    package var unwrittenRows = 0
    /// Valid rows that are in no group, or of which the root does not reach the confidence.
    package var unplacedRows = 0
    /// Rows that are not quite what their kind says, and were taken all the same.
    package var irregularRows = 0
    /// How far down rows are, if they are placed at nodes.
    package var depth = PlacementDepth()
    package var seconds = 0.0
    package var peakMemoryBytes = 0
  }

  /// Assigns each row of `source` to a group or node of the hierarchy, and writes a file of them.
  ///
  /// Rows are worked on piece by piece, each kept in `PATH.partial` once it is finished. A run that was interrupted or
  /// killed goes on from there if inputs, hierarchy and options that matter are the same. The file appears, or takes
  /// the place of another, when all is done. Memory does not grow with the rows.
  ///
  /// - Parameters:
  ///   - stored: A state of this store.
  ///   - hierarchy: Its hierarchy, with what groups are named by.
  ///   - meaning: What the rows' numbers are, which need not be as in the rows that the store was built from. If it is
  ///     that of the store, and its kind was not set, they must not look like another kind.
  ///   - calibration: How the rule's confidence was found, for the file to tell.
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``, `CutError`
  package func assign(
    _ source: LogitSource, by rule: PlacementRule, of stored: StoredHierarchy, named hierarchy: ClusterHierarchy,
    meaning: RowMeaning, to path: String, as format: PlacementFormat = .hdf5, calibration: Calibration? = nil,
    resources: RunResources, observer: any RunObserver
  ) throws -> PlacementFigures {
    let start = ContinuousClock.now
    try checkForm(of: source, stored, meaning)
    try Self.checkOutput(path, source)
    let output = OutputFile.target(of: path)
    let looks = try source.looks()
    let run = try PlacementRun(
      source, stored.hierarchy, rule, meaning, resources: resources, observer: observer, looks: looks)
    let parameters = try PlacementParameters(looks, stored.hierarchy, rule, meaning, run.plan).encoded()
    let partial = try PartialPlacements.claim(for: output, parameters: parameters, run.plan)
    do {
      let file = try PlacementFile(
        store: directory.path.lastPathComponent, hierarchy, rule, meaning, run.plan, calibration)
      var figures = try run.finishPieces(in: partial)
      for look in looks { try look.checkRows() }
      switch format {
      case .hdf5: try run.assemble(file, from: partial, at: output)
      case .npy: try run.assemble(PlacementArray(rule, run.plan), from: partial, at: output)
      }
      partial.remove()
      figures.seconds = (ContinuousClock.now - start) / .seconds(1)
      figures.peakMemoryBytes = ProcessMemory.peak
      return figures
    } catch {
      let keepsWork = Self.isWorthKeeping(after: error) && partial.hasPieces
      if !keepsWork { partial.remove() }
      throw Self.telling(error, keepsWork: keepsWork)
    }
  }

  /// Makes sure, before hours of work, that the result can take the place of what is at `path`, which is none of the files
  /// that it is made of.
  package func checkPlacements(_ path: String, of source: LogitSource, inputs: [String]) throws(StoreError) {
    try Self.checkOutput(path, source)
    try StoreDirectory.checkIsNone(of: inputs, path)
  }

  /// Makes sure, before hours of work, that the result can take the place of what is at `path`.
  private static func checkOutput(_ path: String, _ source: LogitSource) throws(StoreError) {
    guard try !StoreError.files(FileSystem.isSpecial(path)) else {
      throw .file(FileError(.create, path, .isNotRegular))
    }
    try StoreDirectory.checkIsOutside(path)
    try StoreDirectory.checkHasPlace(path)
    try StoreDirectory.checkIsNone(of: source.inputs.map(\.file), path)
  }
}
