import ArgumentParser
import LogitStream
import Store

/// The rows that a command reads. The inputs, in their order, are one data set.
struct InputArguments: ParsableArguments {
  @Argument(help: "Files with logits, N samples × K clusters; - for standard input, where a command takes it.")
  var inputs: [String]

  @Option(help: "The dataset to read, in inputs that name none. Not needed where a file has one candidate.")
  var dataset: String?

  @Flag(help: "The logits lie as clusters × samples, as MATLAB and Julia write them.")
  var transposed = false

  @Option(
    help: ArgumentHelp(
      """
      Take only these rows, counted from 0: 0:100000 are the first 100000, 100000: the others. Of rows that come once \
      (through a pipe, from Python) 0:N, and no fewer.
      """, valueName: "a:b"),
    transform: RowRangeArgument.parse)
  var rows: RowRangeArgument?

  @OptionGroup var rawOptions: RawOptions

  mutating func validate() throws {
    guard !inputs.isEmpty else { throw ValidationError("Name at least one input.") }
    if dataset != nil, inputs.allSatisfy({ InputSpecification(parsing: $0).dataset != nil }) {
      throw ValidationError("--dataset is for inputs that name no dataset, and each of these does.")
    }
  }

  var specifications: [InputSpecification] { specifications() }

  private func specifications(_ known: Store.KnownForm? = nil) -> [InputSpecification] {
    InputSpecification.all(inputs, dataset: dataset, isTransposed: transposed, raw: rawOptions.format(known))
  }

  /// Opens the inputs.
  ///
  /// - Parameters:
  ///   - topK: How they are read, if they are top-k dumps.
  ///   - takesStream: Whether rows may come once, through a pipe.
  ///   - known: What a store that they are for tells of what was not said.
  func source(
    _ topK: TopKOptions.Form? = nil, takesStream: Bool = false, known: Store.KnownForm? = nil
  ) throws -> LogitSource {
    var specifications = specifications(known)
    try rawOptions.check(specifications, takesStream: takesStream, topK: topK, store: known != nil)
    for index in specifications.indices { specifications[index].read(topK) }
    if specifications.contains(where: \.isStream) {
      specifications[0].streamedRows = try rows?.countFromStart
      return try LogitSource(opening: specifications)
    }
    let source = try LogitSource(opening: specifications)
    try source.checkInputsDiffer()
    guard let rows else { return source }
    return try source.selecting(rows.range(of: source.rows))
  }
}

/// A range of rows as it is written on the command line: "0:100000", ":100000", "100000:", as in Python, or "0..<100000".
/// The end is not included.
struct RowRangeArgument {
  private let start: Int
  /// Nil for that of the data set.
  private let end: Int?

  /// Reads what was given with `--rows`.
  @Sendable static func parse(_ argument: String) throws -> RowRangeArgument {
    guard let match = argument.wholeMatch(of: /([0-9]+)?(?:\.\.<|:)([0-9]+)?/) else {
      throw ValidationError("it takes two numbers with a colon between, as 0:100000, of which one may be left away.")
    }
    let (first, last) = (match.1.map { Int($0) }, match.2.map { Int($0) })
    guard let start = first ?? 0, last != .some(nil) else { throw ValidationError("so many rows there are nowhere.") }
    guard first != nil || last != nil else { throw ValidationError("it takes at least one number, as 0:100000.") }
    let end = last ?? nil
    if let end, start >= end {
      throw ValidationError("no rows are from \(start) to before \(end): the end, which is not included, comes second.")
    }
    return RowRangeArgument(start: start, end: end)
  }

  /// The number of rows, if they are to come through a pipe.
  var countFromStart: Int {
    get throws {
      guard start == 0, let end else {
        throw ValidationError("Of rows that come once (through a pipe, from Python) --rows takes the first: 0:N.")
      }
      return end
    }
  }

  /// The rows of a data set that has so many; others too if it has not got them.
  func range(of rows: Int) -> Range<Int> { start..<(end ?? max(rows, start + 1)) }
}

extension InputSpecification {
  /// Says that the input has the largest logits of each row alone.
  mutating func read(_ topK: TopKOptions.Form?) {
    switch topK {
    case .arrays(let arrays): self.topK = arrays
    case .records(let record):
      raw = raw.map {
        RawFormat(format: $0.format, clusters: $0.clusters, record: record, isTrusted: $0.isTrusted)
      }
    case nil: break
    }
  }

  /// Reads the inputs of a command.
  static func all(
    _ inputs: [String], dataset: String?, isTransposed: Bool, raw: RawFormat?
  ) -> [InputSpecification] {
    inputs.map { input in
      let specification = InputSpecification(parsing: input)
      return InputSpecification(
        file: specification.file, dataset: specification.dataset ?? dataset, isTransposed: isTransposed, raw: raw)
    }
  }
}
