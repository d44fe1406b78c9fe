import Report

/// The results of a step of a build that several processes share.
struct StepSummary<Figures: Encodable>: RunSummary {
  let text: Message
  /// The same, for programs.
  let figures: Figures

  var warnings: [Message] { [] }

  func json() throws -> String { try JSONText.of(figures) }
}
