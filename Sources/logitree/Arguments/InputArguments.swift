import ArgumentParser
import LogitStream

/// The rows that a command reads. The inputs, in their order, are one data set.
struct InputArguments: ParsableArguments {
  @Argument(help: "Files with logits, N samples × K clusters.")
  var inputs: [String]

  @Option(help: "The dataset to read, in inputs that name none. Not needed where a file has one candidate.")
  var dataset: String?

  @Flag(help: "The logits lie as clusters × samples, as MATLAB and Julia write them.")
  var transposed = false

  @Option(help: "Take only these rows, counted from 0: 0:100000 are the first 100000, 100000: the others.")
  var rows: RowRangeArgument?

  mutating func validate() throws {
    guard !inputs.isEmpty else { throw ValidationError("Name at least one input.") }
    if dataset != nil, inputs.allSatisfy({ InputSpecification(parsing: $0).dataset != nil }) {
      throw ValidationError("--dataset is for inputs that name no dataset, and each of these does.")
    }
  }

  /// Opens the inputs.
  ///
  /// - Parameter topK: Their arrays, if they are top-k dumps.
  func source(_ topK: TopKSpecification? = nil) throws(LogitStreamError) -> LogitSource {
    var specifications = InputSpecification.all(inputs, dataset: dataset, isTransposed: transposed)
    for index in specifications.indices { specifications[index].topK = topK }
    let source = try LogitSource(opening: specifications)
    try source.checkInputsDiffer()
    guard let rows else { return source }
    return try source.selecting(rows.range(of: source.rows))
  }
}

/// A range of rows as it is written on the command line: "0:100000", ":100000", "100000:", as in Python, or "0..<100000".
/// The end is not included.
struct RowRangeArgument: ExpressibleByArgument {
  private let start: Int
  /// Nil for that of the data set.
  private let end: Int?

  init?(argument: String) {
    guard let match = argument.wholeMatch(of: /([0-9]+)?(?:\.\.<|:)([0-9]+)?/) else { return nil }
    let (first, last) = (match.1.map { Int($0) }, match.2.map { Int($0) })
    // Neither may be too large, and one must be there.
    guard let start = first ?? 0, last != .some(nil), first != nil || last != nil else { return nil }
    let end = last ?? nil
    guard end.map({ start < $0 }) ?? true else { return nil }
    (self.start, self.end) = (start, end)
  }

  /// The rows of a data set that has so many; others too if it has not got them.
  func range(of rows: Int) -> Range<Int> { start..<(end ?? max(rows, start + 1)) }
}

extension InputSpecification {
  /// Reads the inputs of a command.
  static func all(_ inputs: [String], dataset: String?, isTransposed: Bool) -> [InputSpecification] {
    inputs.map { input in
      let specification = InputSpecification(parsing: input)
      return InputSpecification(
        file: specification.file, dataset: specification.dataset ?? dataset, isTransposed: isTransposed)
    }
  }
}
