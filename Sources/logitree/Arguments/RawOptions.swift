import ArgumentParser
import LogitStream
import Store

/// How numbers without a header are read: those of a file, or those that come through a pipe.
struct RawOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The files have no header, only numbers of this type, row after row: float16, bfloat16, float32 or float64, or \
      float32-be where the most significant byte comes first.
      """, valueName: "type"))
  var raw: LogitFormat?

  @Option(
    help: ArgumentHelp(
      "The type of the numbers that come through a pipe (-), as for --raw. In update that of those before, if there were any.",
      valueName: "type"))
  var type: LogitFormat?

  @Flag(
    help: """
      Take the type of --raw or --type as it is, even if the first numbers look like another, or a store has others of \
      another type.
      """)
  var trustType = false

  @Option(
    help: ArgumentHelp(
      "The number of clusters, where inputs don't tell it, nor a store: with --raw, --type and --top-k.", valueName: "k"
    ))
  var clusters: Int?

  mutating func validate() throws {
    guard raw == nil || type == nil else {
      throw ValidationError("--raw is for files and --type for a pipe, which can't be together.")
    }
    if let clusters, clusters < 2 || clusters > 1 << 30 {
      throw ValidationError("--clusters must be from 2 to 2^30.")
    }
  }

  /// The type of numbers without a header, if it was said.
  var given: LogitFormat? { raw ?? type }

  /// The form of the numbers; nil if they have a header, or it is not known.
  ///
  /// - Parameters:
  ///   - known: What a store tells of what was not said.
  ///   - isStream: Whether they come through a pipe.
  func format(_ known: Store.KnownForm? = nil, isStream: Bool = false) -> RawFormat? {
    guard let format = given ?? (isStream ? known?.raw?.format : nil), let clusters = clusters ?? known?.clusters else {
      return nil
    }
    return RawFormat(format: format, clusters: clusters, record: known?.raw?.record, isTrusted: trustType)
  }

  /// Makes sure that these options are for the inputs that are given.
  ///
  /// - Parameters:
  ///   - takesStream: Whether the command can do with rows that come once.
  ///   - topK: How the largest logits of rows are read, if they have no others.
  ///   - store: Whether there is a store, which knows what need not be said.
  func check(
    _ inputs: [InputSpecification], takesStream: Bool, topK: TopKOptions.Form? = nil, store: Bool = false
  ) throws {
    let streams = inputs.count(where: \.isStream)
    if let given, clusters == nil, !store {
      throw ValidationError(
        "\(raw == nil ? "--type" : "--raw") \(given.argument) takes --clusters too: how many numbers are in a row.")
    }
    if clusters != nil, given == nil, streams > 0, takesStream, !store {
      throw ValidationError("--clusters takes --type too: what numbers come through the pipe, as --type float32.")
    }
    guard clusters == nil || given != nil || topK != nil || streams > 0 else {
      throw ValidationError("--clusters goes with --raw, for files without a header, --type, for a pipe, or --top-k.")
    }
    if trustType, given == nil { throw ValidationError("--trust-type goes with --raw or --type, which say a type.") }
    switch topK {
    case .arrays where given != nil || streams > 0:
      throw ValidationError(
        """
        Numbers without a header, in a file or through a pipe, have no arrays with names: --top-k K says that a row is K values \
        and then their K clusters.
        """)
    case .records where given == nil && streams == 0:
      throw ValidationError(
        "--top-k K is for rows without a header: a pipe, or --raw. In other files name the arrays, as --top-k indices,values."
      )
    default: break
    }
    if takesStream, inputs.contains(where: { $0.file == InputSpecification.standardInput }), Console.isInputTerminal {
      throw ValidationError(
        "Standard input is a terminal, and not a pipe that rows come through: generate | logitree …")
    }
    if streams > 0, !takesStream {
      throw ValidationError(
        "Rows come through a pipe once, and this command may read them again: build and update take them.")
    }
    guard streams == 0 || inputs.count == 1 else {
      throw ValidationError("A pipe is all of a data set: take other inputs in with logitree update afterwards.")
    }
    if streams == 0, type != nil { throw ValidationError("--type is for a pipe; --raw is for files without a header.") }
    if given != nil, inputs.contains(where: { $0.dataset != nil }) {
      throw ValidationError("A file without a header has no datasets.")
    }
    if streams > 0, inputs.contains(where: \.isTransposed) {
      throw ValidationError("--transposed is for files: through a pipe rows come one by one.")
    }
  }
}

/// What to do about rows that come through a pipe.
struct StreamingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Keep the rows of a pipe in a file in this directory until the run is done, so that all merges are exact, and a run that \
      was stopped goes on.
      """, valueName: "dir"))
  var spool: String?

  /// Makes sure that there is a pipe, if there is something to do about its rows.
  func check(_ inputs: [InputSpecification], sketchWidth: Int) throws {
    let isStream = inputs.contains(where: \.isStream)
    guard isStream || spool == nil else { throw ValidationError("--spool is for rows that come through a pipe.") }
    let isFile = inputs.contains { $0.file == InputSpecification.standardInput } && Console.isInputFile
    guard !isStream || spool != nil || sketchWidth > 0 || isFile else {
      throw ValidationError("Rows of a pipe come once: --sketch-width 0 needs them again, which --spool keeps.")
    }
  }

  func options(allowsEstimates: Bool) -> Store.StreamOptions {
    var options = Store.StreamOptions()
    options.spoolDirectory = spool
    options.allowsEstimates = allowsEstimates
    return options
  }
}

extension LogitFormat {
  /// The type as it is written on the command line.
  var argument: String { precision.rawValue + (isBigEndian ? "-be" : "") }
}

extension LogitFormat: ExpressibleByArgument {
  public static var allValueStrings: [String] { Precision.allCases.map(\.rawValue) }

  public init?(argument: String) {
    let isBigEndian = argument.hasSuffix("-be")
    guard let precision = Precision(rawValue: String(argument.dropLast(isBigEndian ? 3 : 0))) else { return nil }
    self.init(precision: precision, isBigEndian: isBigEndian)
  }
}
