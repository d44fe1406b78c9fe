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
      arrays, clusters first. Without a header (-, --raw) k: a row is k values, then their k clusters.
      """, valueName: "indices,values|k"))
  var topK: String?

  @Option(
    help: ArgumentHelp(
      "The type of the clusters in rows without a header: int8 to uint64, or int32-be. (default: int32)",
      valueName: "type"))
  var indexType: IntegerType?

  @Option(
    help: ArgumentHelp(
      """
      Their values are logits, and this array has the log-sum-exp of each row, N numbers. Without a header its type: it ends \
      each row.
      """, valueName: "name|type"))
  var normalizer: String?

  mutating func validate() throws {
    guard let topK else {
      if normalizer != nil { throw ValidationError("--normalizer goes with --top-k.") }
      if indexType != nil { throw ValidationError("--index-type goes with --top-k.") }
      return
    }
    guard Int(topK) == nil else {
      _ = try record()
      return
    }
    guard Self.names(topK) != nil else {
      throw ValidationError(
        """
        --top-k takes two names, the clusters' array and the values', as --top-k indices,values; of rows without a header \
        the number of values, as --top-k 32.
        """)
    }
    if indexType != nil { throw ValidationError("--index-type is for rows without a header: arrays tell their type.") }
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

  /// How the largest logits of rows are read.
  enum Form {
    case arrays(TopKSpecification)
    /// Without a header.
    case records(TopKRecord)
  }

  /// How inputs are read; nil if they have whole rows.
  ///
  /// - Parameter clusters: K, if it is known.
  func form(clusters: Int?) throws -> Form? {
    if let record = try record() { return .records(record) }
    guard let topK, let (indices, values) = Self.names(topK) else { return nil }
    guard let clusters else {
      throw ValidationError("--top-k takes the number of clusters, which the rows don't tell: --clusters, or --names.")
    }
    return .arrays(TopKSpecification(indices: indices, values: values, normalizer: normalizer, clusters: clusters))
  }

  /// What a row without a header has; nil if inputs have one.
  func record() throws -> TopKRecord? {
    guard let width = topK.flatMap({ Int($0) }) else { return nil }
    guard width >= 2 else {
      throw ValidationError("--top-k must be at least 2: it takes two values to tell where rows would go.")
    }
    let format = try normalizer.map { name in
      guard let format = LogitFormat(argument: name) else {
        throw ValidationError(
          "Of rows without a header --normalizer is the type of the log-sum-exp, as float32, and not '\(name)'.")
      }
      return format
    }
    return TopKRecord(width: width, indexFormat: (indexType ?? .standard).format, normalizerFormat: format)
  }

  private static func names(_ text: String) -> (indices: String, values: String)? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    return (parts[0], parts[1])
  }
}

/// A type of integers as it is written on the command line.
struct IntegerType: ExpressibleByArgument {
  let format: IntegerFormat

  static var standard: IntegerType {
    IntegerType(format: IntegerFormat(byteCount: 4, isSigned: true, isBigEndian: false))
  }

  private init(format: IntegerFormat) { self.format = format }

  init?(argument: String) {
    guard let match = argument.wholeMatch(of: /(u?)int(8|16|32|64)(-be)?/), let bits = Int(match.2) else { return nil }
    format = IntegerFormat(byteCount: bits / 8, isSigned: match.1.isEmpty, isBigEndian: match.3 != nil)
  }
}

extension IntegerFormat {
  /// The type as it is written on the command line.
  var argument: String { "\(isSigned ? "" : "u")int\(8 * byteCount)\(isBigEndian && byteCount > 1 ? "-be" : "")" }
}
