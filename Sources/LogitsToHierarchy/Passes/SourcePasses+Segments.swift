import LogitStream

extension SourcePasses {
  /// How sketches of an input's rows are laid out; nil where none are kept. Rows of a top-k dump are sketches.
  package func sketchFormat(of input: LogitInput) -> SketchFormat? {
    guard options.sketchWidth > 0 else { return nil }
    // It takes two to tell where a row would go.
    let width = input.topK.map { min(max(options.sketchWidth, 2), $0.width) } ?? options.sketchWidth
    return SketchFormat(
      width: width, clusters: source.clusters, isDouble: input.format.precision == .float64,
      hasRestErrors: input.topK != nil)
  }

  /// Cuts rows into the slices of segments, each as large as the plan of memory says and of one format.
  ///
  /// Segments end between chunks where there are several chunks in one.
  package func segments(of slices: [RowSlice]) -> [[RowSlice]] { parts(of: slices) { memory.segmentRows($0) } }

  /// Some of the rows, evenly spread, in order and cut between chunks: so few that they stay in memory, and tell what to ask of the
  /// others. None if chunks are so high that these would not be spread.
  package func sample(of slices: [RowSlice]) -> [RowSlice] {
    let inputs = Set(slices.map(\.input)).map { source.inputs[$0] }
    guard source.stream == nil, let rowByteCount = inputs.map(\.rowByteCount).max() else { return [] }
    let all = slices.reduce(0) { $0 + $1.rows.count }
    let wanted = min(min(memory.kept, Self.mostSampledByteCount) / rowByteCount, all / Self.sampledPart)
    let unit = inputs.map { min($0.alignment.unit, $0.arrayRows) }.max() ?? 1
    let pieces = min(Self.mostPieces, wanted / unit - slices.count)
    guard pieces >= Self.fewestPieces else { return [] }
    // A slice's last piece may be less far from the next slice's first.
    let length = wanted / (pieces + slices.count)
    return slices.flatMap { slice in
      let alignment = source.inputs[slice.input].alignment
      return stride(from: slice.rows.lowerBound, to: slice.rows.upperBound, by: all / pieces).compactMap { row in
        let start = max(slice.rows.lowerBound, alignment.cut(before: row))
        let end = min(slice.rows.upperBound, alignment.cut(before: start + length))
        return start < end ? RowSlice(input: slice.input, rows: start..<end) : nil
      }
    }
  }

  private static var mostSampledByteCount: Int { 24 << 20 }
  /// A sample is at most one row in so many.
  private static var sampledPart: Int { 8 }
  private static var mostPieces: Int { 64 }
  private static var fewestPieces: Int { 4 }

  /// Cuts rows into parts of at most so many, depending on how they are sketched, and no more parts than that takes; between chunks,
  /// where there are several in one. Parts are about the same size: a small one at the end would be done before the one before it
  /// is written.
  func parts(of slices: [RowSlice], rows: (SketchFormat?) -> Int) -> [[RowSlice]] {
    var parts: [[RowSlice]] = []
    var rest = slices[...].drop { $0.rows.isEmpty }
    while let first = rest.first {
      let format = sketchFormat(of: source.inputs[first.input])
      let alike = rest.prefix { $0.rows.isEmpty || sketchFormat(of: source.inputs[$0.input]) == format }
      parts += self.parts(ofAlike: alike.filter { !$0.rows.isEmpty }, most: rows(format))
      rest = rest[alike.endIndex...]
    }
    return parts
  }

  private func parts(ofAlike slices: [RowSlice], most: Int) -> [[RowSlice]] {
    var parts: [[RowSlice]] = []
    var left = slices.reduce(0) { $0 + $1.rows.count }
    var room = 0
    for slice in slices {
      let alignment = source.inputs[slice.input].alignment
      var start = slice.rows.lowerBound
      while start < slice.rows.upperBound {
        if room == 0 {
          parts.append([])
          let count = (left - 1) / most + 1
          // Rounded up, so that no part has more rows than the one before: the memory of that one is used again.
          let even = (left - 1) / count + 1
          room = min(most, (even - 1) / alignment.unit * alignment.unit + alignment.unit)
        }
        var end = slice.rows.upperBound - start > room ? start + room : slice.rows.upperBound
        let cut = alignment.cut(before: end)
        if end < slice.rows.upperBound, cut > start { end = cut }
        parts[parts.count - 1].append(RowSlice(input: slice.input, rows: start..<end))
        room = end < slice.rows.upperBound ? 0 : room - (end - start)
        left -= end - start
        start = end
      }
    }
    return parts
  }
}
