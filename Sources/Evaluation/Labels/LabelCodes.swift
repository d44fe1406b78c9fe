/// Which of a labelling's labels each row has, read part by part.
package struct LabelCodes: Sendable {
  private let file: LabelFile
  /// For numbers of the file that are small, the position of the label; −1 for none.
  private var small: [Int32]
  private var others: [Int64: Int32] = [:]

  private static let mostSmall = 1 << 16

  /// - Parameter values: The number that stands for each of the labels in the file.
  init(_ file: LabelFile, _ values: [Int64]) {
    self.file = file
    let largest = values.filter { $0 < Self.mostSmall }.max() ?? -1
    small = Array(repeating: -1, count: Int(largest) + 1)
    for (position, value) in values.enumerated() {
      if value < small.count { small[Int(value)] = Int32(position) } else { others[value] = Int32(position) }
    }
  }

  /// The number of labels in the file.
  package var count: Int { file.count }

  /// The position, among the labelling's labels, of the label of each of some rows; −1 for none.
  ///
  /// - Throws: ``EvaluationError``, ``LogitStreamError``
  package func codes(_ rows: Range<Int>) throws -> [Int32] {
    try file.values(rows).map { value in
      if value < 0 { return -1 }
      return value < small.count ? small[Int(value)] : others[value] ?? -1
    }
  }
}
