import LogitStream

extension Manifest.Source {
  /// The input as it is now, which may have grown. Its rows must be those that the store has learnt of.
  ///
  /// - Throws: ``StoreError`` if they are not, `LogitStreamError` if it can't be opened.
  func current() throws -> LogitInput {
    let found = try input.current()
    try checkForm(of: found)
    try checkRows(of: found)
    return found
  }

  /// Makes sure that an input that was found in the place of this one has rows of the same form.
  func checkForm(of found: LogitInput) throws(StoreError) {
    guard found.clusters == input.clusters, found.format == input.format else {
      throw .otherSource(
        input.file, dataset: input.dataset,
        reason: "is now \(found.format) of \(found.clusters) clusters, and was \(input.format) of \(input.clusters)")
    }
  }

  /// Makes sure, as far as a fingerprint tells, that it begins with the same rows.
  func checkRows(of found: LogitInput) throws {
    guard found.rows >= input.rows else {
      throw StoreError.sourceShrank(input.file, dataset: input.dataset, known: input.rows, found: found.rows)
    }
    guard try found.fingerprint(rows: input.rows) == fingerprint else {
      throw StoreError.sourceChanged(input.file, dataset: input.dataset)
    }
  }
}
