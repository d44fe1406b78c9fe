import ArgumentParser
import LogitStream
import LogitsToHierarchy

/// What is said of inputs that have only the largest logits of each row.
struct TopKOptions: ParsableArguments {
  @Option(
    name: .customLong("top-k"),
    help: ArgumentHelp(
      """
      The inputs have the k largest log-probabilities of each row alone, N × k, and their clusters: the names of these \
      arrays, clusters first.
      """, valueName: "indices,values"))
  var topK: String?

  @Option(
    help: ArgumentHelp(
      "Their values are logits, and this array has the log-sum-exp of each row, N numbers.", valueName: "name"))
  var normalizer: String?

  mutating func validate() throws {
    guard let topK else {
      if normalizer != nil { throw ValidationError("--normalizer goes with --top-k.") }
      return
    }
    guard Self.names(topK) != nil else {
      throw ValidationError("--top-k takes two names: the clusters' array and the values', as --top-k indices,values.")
    }
  }

  /// The kind that values are of.
  ///
  /// - Throws: An error if they can't be of the kind that was given.
  func kind(_ given: LogitKind?) throws -> LogitKind {
    guard normalizer == nil else {
      guard given == nil || given == .logits else {
        throw ValidationError("--normalizer is the log-sum-exp of logits; \(given?.rawValue ?? "") need none.")
      }
      return .logits
    }
    guard given != .logits else {
      throw ValidationError(
        """
        The largest logits of a row don't tell what the others have: name the array of rows' log-sum-exp with \
        --normalizer, or keep log-probabilities.
        """)
    }
    return given ?? .logProbabilities
  }

  /// The arrays; nil if inputs have whole rows.
  ///
  /// - Parameter clusters: K, if it is known.
  func specification(clusters: Int?) throws -> TopKSpecification? {
    guard let topK, let (indices, values) = Self.names(topK) else { return nil }
    guard let clusters else {
      throw ValidationError("--top-k takes the number of clusters, which the rows don't tell: --clusters, or --names.")
    }
    return TopKSpecification(indices: indices, values: values, normalizer: normalizer, clusters: clusters)
  }

  private static func names(_ text: String) -> (indices: String, values: String)? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    return (parts[0], parts[1])
  }
}

extension BuildOptions {
  /// The most logits of a row that are kept.
  static let mostKept = 1024

  /// The logits kept of each row of a source if nothing else is said: of a top-k dump all there are.
  static func sketchWidth(for topK: LogitSource) -> Int? {
    topK.inputs.compactMap { $0.topK?.width }.max().map { min($0, mostKept) }
  }
}
