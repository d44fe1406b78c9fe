import LogitStream

extension SourceReaders {
  /// Makes sure, before any row is read, that all rows were written, unless unwritten ones may be left out.
  ///
  /// - Throws: ``BuildError/neverWritten(location:rows:)`` for the first input with rows that were not; ``LogitStreamError``
  func checkWritten(_ slices: [RowSlice], _ meaning: RowMeaning) throws {
    guard meaning.invalidRows == .fail else { return }
    for slice in slices {
      let unwritten = try unwritten(slice)
      guard unwritten.isEmpty else {
        throw BuildError.neverWritten(location: source.inputs[slice.input].location, rows: unwritten)
      }
    }
  }
}
