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

  /// Cuts rows into parts of so many, depending on how they are sketched; between chunks, where there are several in one.
  func parts(of slices: [RowSlice], rows: (SketchFormat?) -> Int) -> [[RowSlice]] {
    var parts: [[RowSlice]] = []
    var room = 0
    var format: SketchFormat??
    for slice in slices where !slice.rows.isEmpty {
      let input = source.inputs[slice.input]
      let sliceFormat = sketchFormat(of: input)
      var start = slice.rows.lowerBound
      while start < slice.rows.upperBound {
        if room == 0 || format != sliceFormat {
          parts.append([])
          room = rows(sliceFormat)
          format = sliceFormat
        }
        var end = slice.rows.upperBound - start > room ? start + room : slice.rows.upperBound
        let cut = input.alignment.cut(before: end)
        if end < slice.rows.upperBound, cut > start { end = cut }
        parts[parts.count - 1].append(RowSlice(input: slice.input, rows: start..<end))
        room = end < slice.rows.upperBound ? 0 : room - (end - start)
        start = end
      }
    }
    return parts
  }
}
