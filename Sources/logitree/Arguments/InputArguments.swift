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

  @Option(help: "Take only these rows of the data set, counted from 0: 0:100000 are the first 100000.")
  var rows: RowRangeArgument?

  mutating func validate() throws {
    guard !inputs.isEmpty else { throw ValidationError("Name at least one input.") }
  }

  /// Opens the inputs.
  func source() throws(LogitStreamError) -> LogitSource {
    try LogitSource(
      opening: InputSpecification.all(inputs, dataset: dataset, isTransposed: transposed), rows: rows?.range)
  }
}

/// A range of rows as it is written on the command line: "0:100000", ":100000", as in Python, or "0..<100000". The end is
/// not included.
struct RowRangeArgument: ExpressibleByArgument {
  let range: Range<Int>

  init?(argument: String) {
    guard let match = argument.wholeMatch(of: /([0-9]*)(?:\.\.<|:)([0-9]+)/), let end = Int(match.2) else { return nil }
    let start = match.1.isEmpty ? 0 : Int(match.1)
    guard let start, start < end else { return nil }
    range = start..<end
  }
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
