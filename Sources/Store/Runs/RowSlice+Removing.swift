import LogitStream

extension RowSlice {
  /// What is left of some slices without others, which are parts of them in the same order.
  static func removing(_ parts: [RowSlice], from slices: [RowSlice]) -> [RowSlice] {
    var parts = parts[...]
    return slices.flatMap { slice in
      var left: [RowSlice] = []
      var next = slice.rows.lowerBound
      while let part = parts.first, part.input == slice.input, part.rows.upperBound <= slice.rows.upperBound {
        if next < part.rows.lowerBound { left.append(RowSlice(input: slice.input, rows: next..<part.rows.lowerBound)) }
        next = part.rows.upperBound
        parts = parts.dropFirst()
      }
      if next < slice.rows.upperBound { left.append(RowSlice(input: slice.input, rows: next..<slice.rows.upperBound)) }
      return left
    }
  }
}
