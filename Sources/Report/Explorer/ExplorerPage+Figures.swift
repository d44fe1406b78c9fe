extension ExplorerPage {
  /// What evaluation has found out with one labelling of the samples.
  package struct Figures: Sendable {
    /// A measure of the whole hierarchy.
    package struct Figure: Sendable, Encodable {
      package let name: String
      /// nil where it is not defined.
      package let value: Double?
      /// What it says, in a sentence.
      package let explanation: String

      package init(name: String, value: Double?, explanation: String) {
        self.name = name
        self.value = value.flatMap { $0.isFinite ? $0 : nil }
        self.explanation = explanation
      }
    }

    /// What the labels are, such as "languages".
    package let name: String
    package let figures: [Figure]
    /// For each node, the part of its labelled samples that have its majority label, 0...1; nil where there are none.
    package let purity: [Double?]
    /// For each node, the label that most of its samples have; nil where there are none.
    package let majority: [String?]

    /// - Parameters:
    ///   - purity: One for each node: K clusters, then the merges.
    ///   - majority: As many.
    package init(name: String, figures: [Figure], purity: [Double?], majority: [String?]) {
      precondition(purity.count == majority.count, "a purity and a majority label for each node")
      self.name = name
      self.figures = figures
      self.purity = purity
      self.majority = majority
    }
  }
}
