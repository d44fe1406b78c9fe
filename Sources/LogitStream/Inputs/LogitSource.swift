import Texts

/// The logits of a data set, N rows × K clusters. They are in one or several inputs, one after another.
public struct LogitSource: Sendable {
  public let inputs: [LogitInput]
  /// K.
  public let clusters: Int
  /// N, over all inputs.
  public let rows: Int
  /// The last of the inputs, if that is a stream which has yet to be read. It then counts for more rows than will come.
  package let stream: RowStream?

  /// Opens inputs as one data set, in their order.
  ///
  /// - Parameter rows: The rows of the data set to take, counted over all inputs; nil for all.
  /// - Throws: ``LogitStreamError`` for the first input that can't be used or has another number of clusters, and if
  ///   the data set does not have these rows.
  public init(
    opening specifications: [InputSpecification], rows: Range<Int>? = nil
  ) throws(LogitStreamError) {
    if specifications.contains(where: \.isStream) {
      guard specifications.count == 1, rows == nil else { throw .streamAmongOthers }
      let stream = try RowStream(opening: specifications[0])
      try self.init([stream.input], stream: stream)
      return
    }
    var inputs: [LogitInput] = []
    for specification in specifications { inputs.append(try LogitInput(opening: specification)) }
    try self.init(inputs)
    if let rows { self = try selecting(rows) }
  }

  /// Makes sure that no array is given twice, whatever links lead to it: its rows would count as often.
  ///
  /// - Throws: ``LogitStreamError/repeatedInput(_:)``
  package func checkInputsDiffer() throws(LogitStreamError) {
    var known: Set<[ByteText]> = []
    for input in inputs where !known.insert(input.identity).inserted { throw .repeatedInput(input.location) }
  }

  /// A source of some of the rows.
  ///
  /// - Throws: ``LogitStreamError/noSuchRows(_:rows:)``
  package func selecting(_ chosen: Range<Int>) throws(LogitStreamError) -> LogitSource {
    guard !chosen.isEmpty, chosen.lowerBound >= 0, chosen.upperBound <= rows else {
      throw .noSuchRows(chosen, rows: rows)
    }
    return try LogitSource(slices(of: chosen).map { inputs[$0.input].selecting($0.rows) })
  }

  /// Inputs as one data set, in their order. There must be at least one.
  ///
  /// - Throws: ``LogitStreamError`` if they have different numbers of clusters, or too many rows, or if some are top-k dumps and
  ///   others are not.
  public init(_ inputs: [LogitInput]) throws(LogitStreamError) { try self.init(inputs, stream: nil) }

  /// The same, the last of which may be a stream.
  package init(_ inputs: [LogitInput], stream: RowStream?) throws(LogitStreamError) {
    precondition(!inputs.isEmpty, "a data set has at least one input")
    var rows = 0
    for input in inputs {
      guard input.clusters == inputs[0].clusters else {
        throw .differentClusters(
          file: input.file, dataset: input.dataset, found: input.clusters, expected: inputs[0].clusters,
          expectedIn: inputs[0].location)
      }
      guard (input.topK == nil) == (inputs[0].topK == nil) else {
        let (whole, topK) = input.topK == nil ? (input, inputs[0]) : (inputs[0], input)
        throw .mixedInputs(whole: whole.location, topK: topK.location)
      }
      guard input.hasNormalizer == inputs[0].hasNormalizer else {
        let (logits, others) = input.hasNormalizer ? (input, inputs[0]) : (inputs[0], input)
        throw .mixedValues(logits: logits.location, others: others.location)
      }
      guard input.rows <= Self.mostRows - rows else { throw .tooManyRows(file: input.file, dataset: input.dataset) }
      rows += input.rows
    }
    self.inputs = inputs
    self.stream = stream
    self.rows = rows
    clusters = inputs[0].clusters
  }

  /// The most rows. Sums over up to this many rows are exact.
  package static let mostRows = 1 << 40

  /// All rows, as a slice for each input.
  package var slices: [RowSlice] { inputs.enumerated().map { RowSlice(input: $0, rows: $1.rowRange) } }

  /// Some rows, counted over all inputs, as a slice for each input that has any of them.
  package func slices(of chosen: Range<Int>) -> [RowSlice] {
    var first = 0
    var slices: [RowSlice] = []
    for (index, input) in inputs.enumerated() {
      let part = chosen.clamped(to: first..<first + input.rows)
      let start = input.rowRange.lowerBound - first
      if !part.isEmpty {
        slices.append(RowSlice(input: index, rows: start + part.lowerBound..<start + part.upperBound))
      }
      first += input.rows
    }
    return slices
  }

  /// The number of bytes in all rows, uncompressed.
  package var byteCount: Int { inputs.reduce(0) { $0 + $1.rows * $1.rowByteCount } }
}
