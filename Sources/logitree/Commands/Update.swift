import ArgumentParser
import LogitStream
import Store

/// `logitree update`: take in appended rows and new inputs, and rebuild.
struct Update: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take new rows into a store and rebuild the hierarchy.",
    discussion: """
      Rows appended to the inputs a store was built from are found by themselves; new inputs are named. Old rows are \
      read again only if a merge can't be decided without.

        logitree update my.logitree
        logitree update my.logitree tonight.h5
        generate | logitree update my.logitree -

      What comes through a pipe is read as the rows before it were; if the store is of files alone, say --type float32.
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  @Argument(help: "New inputs: FILE, FILE:/dataset or FILE:tensor; or - for standard input.")
  var inputs: [String] = []

  @Option(help: "The dataset to read, in inputs that name none.")
  var dataset: String?

  @Flag(help: "The new inputs' logits lie as clusters × samples.")
  var transposed = false

  @Option(
    help: ArgumentHelp("Of a pipe take the first N rows, 0:N, and no fewer.", valueName: "0:n"),
    transform: RowRangeArgument.parse)
  var rows: RowRangeArgument?

  @OptionGroup var rawOptions: RawOptions

  @OptionGroup var topK: TopKOptions

  @OptionGroup var streaming: StreamingOptions

  @Option(help: "A known input whose rows have changed: forget them and read it anew. May be repeated.")
  var rescan: [String] = []

  @Flag(
    help:
      "If an input is gone that would have to be read again, or was never there in full, take estimates for the merges that need it."
  )
  var allowEstimates = false

  @OptionGroup var runOptions: RunOptions

  mutating func validate() throws {
    if rows != nil, !specifications.contains(where: \.isStream) {
      throw ValidationError("--rows is for a pipe: of files all rows are taken.")
    }
    guard inputs.isEmpty else {
      _ = try rows?.countFromStart
      try rawOptions.check(specifications, takesStream: true, topK: records, store: true)
      return try streaming.check(specifications, sketchWidth: 1)
    }
    if dataset != nil { throw ValidationError("--dataset is for new inputs, and none is named.") }
    if transposed { throw ValidationError("--transposed is for new inputs, and none is named.") }
    if rawOptions.given != nil { throw ValidationError("--raw and --type are for new inputs, and none is named.") }
    if topK.topK != nil { throw ValidationError("--top-k is for new inputs, and none is named.") }
    try streaming.check([], sketchWidth: 1)
  }

  /// How rows without a header are read, if they have their largest logits alone.
  private var records: TopKOptions.Form? {
    get throws {
      guard topK.topK != nil else { return nil }
      guard let record = try topK.record() else {
        throw ValidationError(
          "update knows the arrays of top-k dumps from the store; --top-k K is for rows without a header.")
      }
      return .records(record)
    }
  }

  private var specifications: [InputSpecification] {
    InputSpecification.all(inputs, dataset: dataset, isTransposed: transposed, raw: rawOptions.format())
  }

  func run() throws {
    var options = Store.UpdateOptions()
    options.inputs = specifications
    let isStream = options.inputs.contains(where: \.isStream)
    if isStream || rawOptions.given != nil, let known = try Store(store).knownForm() {
      let raw = rawOptions.format(known, isStream: isStream)
      guard raw != nil else {
        throw ValidationError(
          "\(store) is of no rows that came through a pipe: say what numbers come, as --type float32.")
      }
      for index in options.inputs.indices { options.inputs[index].raw = raw }
    }
    for index in options.inputs.indices { try options.inputs[index].read(records) }
    if let rows { options.inputs[0].streamedRows = try rows.countFromStart }
    options.rescannedFiles = rescan
    options.streaming = streaming.options(allowsEstimates: allowEstimates)
    let stored = try runOptions.run { reporter in
      try Store(store).update(options, resources: runOptions.resources, observer: reporter)
    }
    try runOptions.report(BuildSummary(store: store, stored))
  }
}
