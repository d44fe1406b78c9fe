import Evaluation
import Report

/// Texts that were taken for missing values.
struct MissingValues {
  private let texts: [MissingText]

  init(_ texts: [MissingText]) { self.texts = texts }

  /// What was taken for what; nil if nothing was.
  func remark(in place: String, for nothing: String) -> Message? {
    guard !texts.isEmpty else { return nil }
    let listed = texts.map { "\(name: $0.text) (\(Text.grouped($0.count)))" as Message }
    return "\(place): \(listed.joined(separator: ", ")) taken for \(nothing)"
  }
}
