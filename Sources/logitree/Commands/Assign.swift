import ArgumentParser
import LogitStream
import LogitsToHierarchy
import Store
import Texts

/// `logitree assign`: the group or node of each row.
struct Assign: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Assign each row to a group, or to the deepest node the model is sure of.",
    discussion: """
      Inputs are as for build. With -k the tree is cut into groups, as cut does it; a row's group is that of its likeliest \
      cluster, its probability that of all clusters of the group; --auto takes the first number of groups that levels \
      recommends. With --confidence a row goes from the root to the \
      likelier child as long as that has at least this probability. With --accuracy that is the least probability with which \
      the nodes of so many rows are right, by labels: half of the labelled rows choose it, the others tell what it reaches. \
      Writes an HDF5 file: group or node, and probability, \
      row by row, with tables of the groups or nodes; or, if it is called .npy, a structured array of NumPy's, without the \
      tables. A run that was interrupted, run again, goes on from there.

        logitree assign my.logitree logits.h5 -k 20 -o groups.h5
        logitree assign my.logitree logits.h5 --confidence 0.9 -o nodes.h5
        logitree assign my.logitree a.h5 --accuracy 0.95 --labels a.npy -o nodes.h5
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  @Option(
    name: [.customShort("k"), .customLong("groups")], help: ArgumentHelp("Cut the tree into N groups.", valueName: "n"))
  var groups: Int?

  @OptionGroup var automatic: AutomaticLevel

  @Option(help: ArgumentHelp("The probability a node must have, above 0 and at most 1.", valueName: "p"))
  var confidence: Double?

  @OptionGroup var accuracyOptions: AccuracyOptions

  @Option(name: .shortAndLong, help: "The file to write: HDF5, or a NumPy array if it ends in .npy.")
  var output: String

  @OptionGroup var taxonomyOptions: TaxonomyOptions

  @OptionGroup var input: InputArguments

  @Option(help: "What the numbers are. (default: as in the store)")
  var kind: LogitKind?

  @Option(help: "Divide logits by this before the softmax. (default: as in the store)")
  var temperature: Double?

  @Option(
    help: "What to do about rows with NaN or infinity, and rows that were never written. Skipped rows are in no group.")
  var onInvalid = InvalidRowPolicy.fail

  @Flag(
    help: """
      Take rows that are fill value throughout, mostly 0, as logits, as a store that was built so does anyway. Without this \
      they count as never written.
      """)
  var allowFill = false

  @OptionGroup var runOptions: RunOptions

  mutating func validate() throws {
    guard
      [groups != nil, automatic.auto, confidence != nil, accuracyOptions.accuracy != nil].count(where: \.self) == 1
    else {
      throw ValidationError(
        "Say what to assign rows to: -k 20, --auto, --confidence 0.9, or --accuracy 0.95 --labels FILE.")
    }
    if let confidence, !(confidence > 0 && confidence <= 1) {
      throw ValidationError("--confidence must be above 0, and at most 1.")
    }
    if let temperature, !(temperature > 0 && temperature.isFinite) {
      throw ValidationError("--temperature must be above 0.")
    }
  }

  func run() throws {
    if !runOptions.quiet { OutputName.warn(output, "HDF5", extensions: "h5", "hdf5", "npy") }
    let summary = try runOptions.run { reporter in
      let path = store
      let store = try Store(path)
      let stored = try store.read()
      let known = Store.KnownForm(stored)
      let source = try input.source(known: known)
      try stored.manifest.checkHasWholeRows(source)
      let groups = try automatic.auto ? automatic.groups(of: stored, in: store, at: path, runOptions, reporter) : groups
      try store.checkPlacements(output, of: source, inputs: taxonomyOptions.files)
      let hierarchy = try taxonomyOptions.named(stored, in: store)
      let meaning = meaning(of: stored)
      let calibration = try calibration(source, of: stored, in: store, meaning, reporter)
      let rule =
        calibration.map { .confidenceFromRoot($0.confidence) } ?? groups.map { .groups($0) }
        ?? PlacementRule.confidence(confidence ?? 1)
      let placed = try store.assign(
        source, by: rule, of: stored, named: hierarchy, meaning: meaning, to: output,
        as: output.hasByteSuffix(".npy") ? .npy : .hdf5, calibration: calibration,
        resources: runOptions.resources, observer: reporter)
      return PlacementSummary(output: output, rule: rule, kind: meaning.kind, placed, calibration)
    }
    try runOptions.report(summary)
  }

  /// The confidence that keeps the promise, if one is wanted.
  private func calibration(
    _ source: LogitSource, of stored: StoredHierarchy, in store: Store, _ meaning: RowMeaning,
    _ reporter: ProgressReporter
  ) throws -> Calibration? {
    guard let promise = accuracyOptions.promise else { return nil }
    let labelled = try accuracyOptions.labelledSource(source, input, Store.KnownForm(stored))
    try store.checkPlacements(output, of: source, inputs: labelled.inputs.map(\.file) + accuracyOptions.files)
    guard let labels = try accuracyOptions.sourceLabels(of: labelled, stored) else { return nil }
    if !runOptions.quiet { labels.tell(ofUnknown: "and rows with such labels are wrong at every node") }
    return try store.calibrate(
      promise, on: labelled, labels.rows, blocks: accuracyOptions.blockIDs(of: labelled), of: stored, meaning: meaning,
      split: accuracyOptions.split,
      resources: runOptions.resources, observer: reporter)
  }

  /// What the rows mean: the same as those that the store was built from, but for what was given.
  private func meaning(of stored: StoredHierarchy) -> RowMeaning {
    var meaning = stored.manifest.options.meaning
    if let kind { meaning.kind = kind }
    if let temperature { meaning.temperature = temperature }
    meaning.invalidRows = onInvalid
    meaning.fillRows = allowFill || meaning.fillRows == .logits ? .logits : .unwritten
    return meaning
  }
}
