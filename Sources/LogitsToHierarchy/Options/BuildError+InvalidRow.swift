import KernelInterface
import LogitStream

extension BuildError {
  /// What is wrong with the row at `pointer`, which the kernel refused.
  init(_ pointer: UnsafeRawPointer, _ form: RowForm, kind: LogitKind, _ input: LogitInput, row: Int) {
    for column in 0..<form.clusters {
      let value = form.value(pointer, column)
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
  /// The number in a column of a row.
  fileprivate func value(_ row: UnsafeRawPointer, _ column: Int) -> Double {
    let position = row + column * format.byteCount
    return switch (format.precision, format.isBigEndian) {
    case (.float16, false): Double(Float16LittleEndian.load(position))
    case (.float16, true): Double(Float16BigEndian.load(position))
    case (.bfloat16, false): Double(BFloat16LittleEndian.load(position))
    case (.bfloat16, true): Double(BFloat16BigEndian.load(position))
    case (.float32, false): Double(Float32LittleEndian.load(position))
    case (.float32, true): Double(Float32BigEndian.load(position))
    case (.float64, false): Float64LittleEndian.load(position)
    case (.float64, true): Float64BigEndian.load(position)
    }
  }

  /// Whether a number may stand in a row.
  fileprivate func isValid(_ value: Double) -> Bool {
    guard isProbability else { return value < .infinity }
    let isSmallEnough =
      format.precision == .float64
      ? value <= Self.largestProbability : Float(value) <= Float(Self.largestProbability)
    return value >= 0 && isSmallEnough
  }
}
