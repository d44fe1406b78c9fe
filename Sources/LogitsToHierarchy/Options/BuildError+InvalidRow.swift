import KernelInterface
import LogitStream

extension BuildError {
  /// What is wrong with the row at `pointer`, which the kernel refused.
  init(_ pointer: UnsafeRawPointer, _ form: RowForm, kind: LogitKind, _ input: LogitInput, row: Int) {
    for column in 0..<form.clusters {
      let value = input.format.logit(pointer + column * input.format.byteCount)
      if !form.isValid(value) {
        self = .invalidLogit(
          location: input.location, row: input.name(ofRow: row), column: column, value: value, kind: kind)
        return
      }
    }
    self = .noFiniteLogit(location: input.location, row: input.name(ofRow: row), kind: kind)
  }
}

extension RowForm {
  /// Whether a number may stand in a row.
  fileprivate func isValid(_ value: Double) -> Bool {
    guard isProbability else { return value < .infinity }
    let isSmallEnough =
      numbers.isDouble
      ? value <= Self.largestProbability : Float(value) <= Float(Self.largestProbability)
    return value >= 0 && isSmallEnough
  }
}
