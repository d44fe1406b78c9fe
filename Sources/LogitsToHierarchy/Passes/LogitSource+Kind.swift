import Glibc
import LogitStream

extension LogitSource {
  /// Makes sure that rows do not look like another kind than the one that nobody said, logits.
  ///
  /// Softmax output taken for logits gives another tree, and nothing else would tell. A kind that was said is taken as it
  /// is.
  ///
  /// - Throws: ``BuildError/looksLike(location:kind:)`` for the first input that does; `LogitStreamError` if it can't be read.
  package func checkKind(_ meaning: RowMeaning) throws {
    guard meaning.isKindAssumed, meaning.kind == .logits else { return }
    for input in inputs where !input.isStream {
      if let kind = try input.apparentKind() { throw BuildError.looksLike(location: input.location, kind: kind) }
    }
  }
}

extension SourceReaders {
  /// Makes sure of the same of a stream, by those of its rows that can be read again.
  ///
  /// - Throws: ``BuildError/looksLike(location:kind:)``; `LogitStreamError` if they can't be read.
  func checkKind(ofStream index: Int, _ rows: Range<Int>, _ meaning: RowMeaning) throws {
    guard meaning.isKindAssumed, meaning.kind == .logits, !rows.isEmpty else { return }
    let input = source.inputs[index]
    if let kind = try input.apparentKind(index, self, rows) {
      throw BuildError.looksLike(location: input.location, kind: kind)
    }
  }
}

extension LogitInput {
  /// What some rows of the input look like, if that is something else than logits.
  ///
  /// They are probabilities if all numbers are from 0 to 1 and each row sums to 1, as precisely as their type can tell. They
  /// are log-probabilities if none is above 0 and the exponentials of each row sum to 1. Mostly the first row shows that
  /// they are neither. Rows that tell nothing are passed over: unwritten ones, those with NaN, and those of one number
  /// throughout. If there are no others among the first, some of the middle and the last are looked at.
  ///
  /// - Throws: ``LogitStreamError`` if they can't be read.
  package func apparentKind() throws -> LogitKind? {
    try apparentKind(0, SourceReaders(try LogitSource([self])), rowRange)
  }

  /// The same of some rows of input `index`, which is this one.
  fileprivate func apparentKind(_ index: Int, _ readers: SourceReaders, _ rowRange: Range<Int>) throws -> LogitKind? {
    // Rows of a top-k dump are looked at one by one when they are scanned.
    guard topK == nil else { return nil }
    var reader = BlockReader(readers)
    let rows = rowRange.count
    let count = min(Self.mostRows, max(1, Self.mostBytes / rowByteCount), rows)
    for start in [0, (rows - count) / 2, rows - count] {
      var kinds = PossibleKinds(self)
      // The first row alone, then the others.
      for part in [start..<start + 1, start + 1..<start + count] where !part.isEmpty {
        let part = rowRange.lowerBound + part.lowerBound..<rowRange.lowerBound + part.upperBound
        try reader.read(RowSlice(input: index, rows: part)) { block, _ in
          for row in part where !block.unwritten.contains(where: { $0.contains(row) }) { kinds.take(block.row(row)) }
        }
        if kinds.isDecided { return nil }
      }
      if let kind = kinds.kind { return kind }
    }
    return nil
  }

  private static let mostRows = 1024
  private static let mostBytes = 4 << 20
}

/// The kinds that all rows seen so far could be of.
private struct PossibleKinds {
  private let format: LogitFormat
  private let clusters: Int
  private var canBeProbabilities = true
  private var canBeLogProbabilities = true
  private var rows = 0

  init(_ input: LogitInput) {
    format = input.format
    clusters = input.clusters
  }

  /// Whether they can only be logits.
  var isDecided: Bool { !canBeProbabilities && !canBeLogProbabilities }

  var kind: LogitKind? {
    rows == 0 ? nil : canBeProbabilities ? .probabilities : canBeLogProbabilities ? .logProbabilities : nil
  }

  mutating func take(_ row: UnsafeRawPointer) {
    guard !isDecided else { return }
    var (least, largest) = (Double.infinity, -Double.infinity)
    var (sum, sumOfExponentials) = (0.0, 0.0)
    var hasNaN = false
    format.forEachLogit(row, count: clusters) { value in
      least = min(least, value)
      largest = max(largest, value)
      sum += value
      hasNaN = hasNaN || value.isNaN
    }
    guard !hasNaN, largest < .infinity, least < largest else { return }
    rows += 1
    let rounding = format.roundingOfSum(of: clusters)
    if least < 0 || largest > 1 + rounding || abs(sum - 1) > rounding { canBeProbabilities = false }
    guard canBeLogProbabilities else { return }
    guard largest <= 0 else {
      canBeLogProbabilities = false
      return
    }
    format.forEachLogit(row, count: clusters) { sumOfExponentials += exp($0) }
    // A logarithm is rounded in proportion to its size, of which the entropy is the mean.
    let roundingOfLogarithms = rounding * (1 + log(Double(clusters)))
    if abs(sumOfExponentials - 1) > roundingOfLogarithms { canBeLogProbabilities = false }
  }
}
