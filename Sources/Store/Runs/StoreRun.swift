import Files
import HDF5
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Threads

/// A run that makes a store's hierarchy. It scans the rows that no segment holds, merges, sweeps, and merges again
/// until nothing is pending.
///
/// What is finished on the way is on disk and listed in the state being built. A later run does not do it again.
struct StoreRun: ~Copyable {
  let directory: StoreDirectory
  let passes: SourcePasses
  let observer: any RunObserver
  var manifest: Manifest
  /// The sources whose file is gone, with what was wrong when it was opened.
  let goneSources: [Int: LogitStreamError]
  let allowsEstimates: Bool
  /// Groups that will likely need exact evidence. They are nested or disjoint.
  var foreseen: [Group]
  /// Files that need no check before they are used. They were written or checked just before.
  private var checkedFiles: Set<String>
  /// What the inputs were before this run read any of their rows.
  private var looks: [Int: InputLook]
  /// Takes the rows of the stream, so that they can be read again.
  let spool: SpoolFile?
  /// Rows that this run has scanned and that are still in memory, by the files of their segments.
  private(set) var kept: [String: KeptRows] = [:]
  /// The segment that was scanned last, while it is being written.
  private(set) var writing: SegmentWriting?
  /// The state that lists the segment before that, while it is being put on disk.
  private var saving: BackgroundTask<Void>?
  /// The inputs that this run has read.
  private var readInputs: Set<Int> = []

  init(
    _ directory: StoreDirectory, _ manifest: Manifest, passes: SourcePasses, observer: any RunObserver,
    checkedFiles: Set<String> = [], goneSources: [Int: LogitStreamError] = [:], allowsEstimates: Bool = false,
    foreseen: [Group] = [], looks: [InputLook] = [], spool: SpoolFile? = nil
  ) {
    self.directory = directory
    self.manifest = manifest
    self.passes = passes
    self.observer = observer
    self.checkedFiles = checkedFiles
    self.goneSources = goneSources
    self.allowsEstimates = allowsEstimates
    self.foreseen = foreseen
    self.spool = spool
    self.looks = Dictionary(uniqueKeysWithValues: looks.enumerated().map { ($0, $1) })
  }

  var options: BuildOptions { passes.options }

  /// Runs to the end and returns the state with its hierarchy. The caller puts it in the store.
  ///
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``
  consuming func run() throws -> Manifest {
    try directory.saveBuilding(manifest)
    var passCount = try max(scan(), scanStream())
    observer.willStart(.merge)
    var known: KnownSegments
    var outcome: MergeLoop.Outcome
    do {
      known = try openSegments()
      guard known.statistics.counts.contains(where: { $0 > 0 }) else { throw BuildError.noValidRows }
      outcome = try merge(&known)
    } catch {
      // All rows are scanned by now, whatever went wrong after it.
      try? takeWritten()
      throw error
    }
    if passes.source.hasTopK { outcome = try known.runOnSketches(from: outcome) }
    while !outcome.pending.isEmpty {
      guard try canSweep(outcome) else { break }
      if let failure = goneRows(outcome, known) {
        outcome = try decide(without: failure, &known)
        break
      }
      outcome = try rehearse(outcome, on: readable(sample), &known)
      guard goneRows(outcome, known) == nil else { continue }
      let rows = try sweep(outcome.pending, Array(manifest.segments.indices), &known, observer)
      if rows > 0 { passCount += 1 }
      observer.willStart(.merge)
      outcome = try merge(&known)
    }
    try checkInputs()
    manifest.figures.passes = passCount
    manifest.spool = nil
    manifest.hierarchy = try ClusterHierarchy(
      names: manifest.names, known.statistics, merges: outcome.merges)
    return manifest
  }

  /// Scans the rows of a share, and returns the state with its segments.
  ///
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``
  consuming func runScan() throws -> Manifest {
    try directory.saveBuilding(manifest)
    manifest.figures.passes = try scan()
    try takeWritten()
    try checkInputs()
    return manifest
  }

  /// Runs the merge loop on what segments tell, and returns the state with the hierarchy, or with what is pending.
  ///
  /// - Throws: ``StoreError``, ``Interrupted``
  consuming func runMerge() throws -> Manifest {
    observer.willStart(.merge)
    var known = try openSegments()
    guard known.statistics.counts.contains(where: { $0 > 0 }) else { throw BuildError.noValidRows }
    var outcome = try known.run()
    if passes.source.hasTopK {
      outcome = try known.runOnSketches(from: outcome)
      // No other process could read more of the rows.
      if !outcome.pending.isEmpty, try !canSweep(outcome) { outcome.pending = [] }
    }
    do {
      if !outcome.pending.isEmpty { outcome = try rehearse(outcome, on: readableSample, &known) }
    } catch let error where error is LogitStreamError || error is BuildError {
      // Rows can't be read, or are not those that were scanned. A merge can do without them. A sweep can't, and says
      // so.
    }
    try checkInputs()
    if outcome.pending.isEmpty {
      manifest.pending = nil
      manifest.hierarchy = try ClusterHierarchy(
        names: manifest.names, known.statistics, merges: outcome.merges)
    } else {
      manifest.pending = Manifest.Pending(
        groups: outcome.pending.map(\.clusters),
        lacking: known.lacking(outcome.pending, segments: Array(manifest.segments.indices)))
    }
    return manifest
  }

  // MARK: Scan

  /// Scans the rows that no segment holds, segment by segment. Returns the number of passes that this makes.
  ///
  /// The first few segments tell most of the groups that will need exact evidence. For the other segments the scan
  /// computes that evidence on the way, so that their rows need not be read again.
  ///
  /// The last segment is still being written afterwards.
  private mutating func scan() throws -> Int {
    let missing = manifest.missingRows
    guard !missing.isEmpty else { return 0 }
    for slice in missing { if let failure = goneSources[slice.input] { throw failure } }
    let keepsAll = manifest.share == nil && passes.canKeep(missing)
    try passes.checkWritten(missing)
    observer.willStart(.scan(rows: missing.reduce(0) { $0 + $1.rows.count }))
    let mayLookAhead =
      foreseen.isEmpty && manifest.share == nil && !passes.source.hasTopK && options.strategy == .lowest
    // With sketches the first segments tell more than fewer rows from all over: a wrong guess costs another pass.
    let needsSample = options.sketchWidth == 0 && !keepsAll && mayLookAhead && manifest.segments.isEmpty
    let sample = needsSample ? passes.sample(of: missing) : []
    let segments = (sample.isEmpty ? [] : [sample]) + passes.segments(of: RowSlice.removing(sample, from: missing))
    let lookedAt = firstSegments(segments.count, hasSample: !sample.isEmpty)
    let looksAhead = mayLookAhead && !keepsAll && lookedAt > 0
    do {
      for (number, slices) in segments.enumerated() {
        if looksAhead, number == lookedAt {
          passes.releaseSpareMemory()
          foreseen = try foresee(sample.isEmpty ? nil : [])
        }
        let segment = try reading(slices) { [passes, foreseen] in
          try passes.scan(slices, foreseen: foreseen, keepsRows: keepsAll || number == 0 && !sample.isEmpty)
        }
        try write(segment, of: slices)
      }
    } catch {
      // What was finished before is kept, whatever went wrong after it.
      try? takeWritten()
      throw error
    }
    passes.releaseSpareMemory()
    return 1
  }

  /// Waits for the segment that is being written, if there is one, and takes it in.
  mutating func takeWritten() throws {
    guard let segment = try written() else { return }
    list(segment)
    try directory.saveBuilding(manifest)
  }

  /// Begins to write a segment, once the one before it is written. That is listed on disk meanwhile: waiting for it takes as long
  /// as some thousand rows.
  mutating func write(_ segment: ScannedSegment, of slices: [RowSlice]) throws {
    if let before = try written() {
      list(before)
      saving = BackgroundTask { [directory, manifest] in try directory.saveBuilding(manifest) }
    }
    let name = manifest.newFileName("segment")
    if let rows = segment.kept { kept[name] = rows }
    writing = SegmentWriting(segment, of: slices, to: directory, as: name, passes)
  }

  /// Waits for the segment that is being written, nil if there is none, and for the state that is being put on disk: nothing goes
  /// on behind the run then, whatever went wrong.
  private mutating func written() throws -> Manifest.Segment? {
    let segment = Result { try writing.take()?.wait() }
    try saving.take()?.value()
    return try segment.get()
  }

  // MARK: Inputs

  /// Reads rows, which must be the same before and after.
  ///
  /// - Throws: ``LogitStreamError/changed(file:dataset:)`` if they are not; that also stands for other errors that come of
  ///   it. What `work` throws.
  mutating func reading<Result>(_ slices: [RowSlice], _ work: () throws -> Result) throws -> Result {
    let inputs = Set(slices.map(\.input)).filter { !passes.source.inputs[$0].isStream }
    for index in inputs { try look(at: index) }
    let result: Result
    do {
      result = try work()
    } catch {
      if !(error is Interrupted) { for index in inputs { try looks[index]?.check() } }
      throw error
    }
    for index in inputs { try looks[index]?.check() }
    return result
  }

  /// Looks at an input before it is read for the first time.
  private mutating func look(at index: Int) throws {
    guard readInputs.insert(index).inserted else { return }
    let look = try looks[index] ?? InputLook(at: passes.source.inputs[index])
    guard look.fingerprint == manifest.sources[index].fingerprint else {
      throw LogitStreamError.changed(file: look.input.file, dataset: look.input.dataset)
    }
    looks[index] = look
    manifest.sources[index].fileState = look.ownFile.map(Manifest.KnownFileState.init)
  }

  /// Makes sure that all inputs that were read are still what they were.
  private func checkInputs() throws(LogitStreamError) {
    for index in readInputs.sorted() { try looks[index]?.checkRows() }
  }

  /// Lists a segment that is on disk.
  private mutating func list(_ segment: Manifest.Segment) {
    manifest.segments.append(segment)
    for slice in segment.slices where manifest.sources[slice.input].isUnfinishedStream {
      let input = manifest.sources[slice.input].input
      manifest.sources[slice.input].input = input.withStreamedRows(slice.rows.upperBound)
    }
    checkedFiles.insert(segment.file.name)
  }

  /// Lists evidence that is on disk.
  mutating func add(_ evidence: Manifest.File, toSegment index: Int) throws(StoreError) {
    manifest.segments[index].evidence.append(evidence)
    checkedFiles.insert(evidence.name)
    try directory.saveBuilding(manifest)
  }

  /// Checks all files that were not checked yet.
  mutating func checkFiles() throws {
    let files = manifest.files.filter { !checkedFiles.contains($0.name) }
    try directory.check(files, threads: passes.resources.threads, observer)
    checkedFiles.formUnion(files.map(\.name))
  }
}
