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
    let source = try LogitSource(manifest.sources.map { try $0.presentRows() })
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
  /// The rows that were taken, as they are found now: in a file that may have grown since, but is the same otherwise.
  ///
  /// - Throws: ``StoreError/sourceShrank(_:dataset:known:found:)``, ``StoreError/sourceChanged(_:dataset:)``,
  ///   ``LogitStreamError``
  fileprivate func presentRows() throws -> LogitInput {
    let found = try LogitInput(opening: input.specification)
    guard found.arrayRows >= input.rowRange.upperBound else {
      throw StoreError.sourceShrank(input.file, dataset: input.dataset, known: input.rows, found: found.rows)
    }
    guard try isHeld(by: found) else { throw StoreError.sourceChanged(input.file, dataset: input.dataset) }
    return found.arrayRows == input.rowRange.count ? found : found.selecting(input.rowRange)
  }
}
