import LogitStream
import LogitsToHierarchy

extension Manifest {
  /// What inputs look like, if that is another kind than that of the store's rows: they are logits, as nobody said, and
  /// some input's rows look like probabilities. Inputs like the store's own are none such.
  ///
  /// - Returns: The first of these inputs, with its apparent kind.
  /// - Throws: ``LogitStreamError`` if an input can't be read.
  func otherKind(of inputs: [LogitInput]) throws -> (input: LogitInput, kind: LogitKind)? {
    guard options.meaning.kind == .logits else { return nil }
    for input in inputs {
      guard let kind = try input.apparentKind(), apparentKind != kind else { continue }
      return (input, kind)
    }
    return nil
  }

  /// What the rows of the store look like, as far as they can be read.
  private var apparentKind: LogitKind? {
    for source in sources {
      if let found = try? source.input.current() { return try? found.apparentKind() }
    }
    return nil
  }
}

extension Manifest {
  /// Makes sure that a source, if it has another number of columns than the store has clusters, is no top-k dump like those that
  /// the store was built from.
  ///
  /// - Throws: ``BuildError/onlyLargest(location:kept:)``
  package func checkHasWholeRows(_ source: LogitSource) throws(BuildError) {
    guard source.clusters != clusters, sources.contains(where: { $0.input.topK != nil }) else { return }
    throw .onlyLargest(location: source.inputs[0].location, kept: source.clusters)
  }
}
