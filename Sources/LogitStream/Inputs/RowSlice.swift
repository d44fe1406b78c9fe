/// Some neighbouring rows of one input of a source.
package struct RowSlice: Sendable, Hashable, Codable {
  /// The index of the input among the source's.
  package var input: Int
  /// The rows, counted in the input's dataset.
  package var rows: Range<Int>

  package init(input: Int, rows: Range<Int>) {
    self.input = input
    self.rows = rows
  }
}
