import LogitStream
import Report

/// What an array that is no logits could be for the logits in the same file.
enum CompanionHint: String, Encodable {
  case labels, names

  /// nil if nothing speaks for either.
  ///
  /// - Parameter logits: What in the same file can be built.
  init?(_ array: StoredArray, beside logits: [LogitInput]) {
    guard let length = array.columnLength else { return nil }
    if array.isOfStrings, logits.contains(where: { $0.clusters == length }) {
      self = .names
    } else if array.isOfStrings || array.integerFormat != nil, logits.contains(where: { $0.rows == length }) {
      self = .labels
    } else {
      return nil
    }
  }

  /// - Parameter location: Where the array is.
  func text(_ location: String) -> Message {
    switch self {
    case .labels:
      "could be the samples' labels: \(command: "--labels \(Shell.quoted(location))"), for evaluate and more"
    case .names: "could be the clusters' names: \(command: "--names \(Shell.quoted(location))"), for build"
    }
  }
}
