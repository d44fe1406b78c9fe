import LogitStream
import LogitsToHierarchy

extension Store {
  /// Finds the temperature under which the labels of the rows that the store was built from are likeliest. It reads these rows
  /// a few times.
  ///
  /// - Parameters:
  ///   - stored: A state of this store.
  ///   - labels: Labels of the rows that were taken.
  /// - Throws: ``StoreError`` if the rows are no longer what they were; ``LogitStreamError``, ``BuildError``,
  ///   ``CalibrationError``; what reading labels throws.
  package func fitTemperature(
    to labels: RowLabels, of stored: StoredHierarchy, resources: RunResources, observer: any RunObserver
  ) throws -> TemperatureFit {
    let manifest = stored.manifest
    let source = try LogitSource(manifest.sources.map { try $0.knownRows() })
    let pass = try LikelihoodPass(source, labels, resources: resources, observer: observer)
    return try Self.reading(source) {
      try TemperatureFit(from: manifest.options.meaning.temperature) { temperature in
        observer.willStart(.weigh(rows: source.rows, temperature: temperature))
        var meaning = manifest.options.meaning
        meaning.temperature = temperature
        return try pass.run(meaning)
      }
    }
  }
}

extension Manifest.Source {
  /// The rows that the store has learnt of, as they are found now: in an input that may have grown since.
  ///
  /// - Throws: ``StoreError`` if they are not those, ``LogitStreamError``
  fileprivate func knownRows() throws -> LogitInput {
    let found = try current()
    guard found.rows > input.rows else { return found }
    return found.selecting(found.rowRange.lowerBound..<found.rowRange.lowerBound + input.rows)
  }
}
