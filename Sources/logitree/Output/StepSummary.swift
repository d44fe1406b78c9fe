/// What came of a step of a build that several processes share.
struct StepSummary: RunSummary {
  let text: String
  /// The same for programs.
  let figures: [String: Any]

  var warnings: [String] { [] }

  func json() throws -> String { try JSONText.of(object: figures) }
}
