extension ExplorerPage {
  /// What evaluation has found out with one labelling of the samples.
  public struct Figures: Sendable {
    /// A measure of the whole hierarchy.
    public struct Figure: Sendable, Encodable {
      public let name: String
      /// nil where it is not defined.
      public let value: Double?
      /// What it says, in a sentence.
      public let explanation: String

      public init(name: String, value: Double?, explanation: String) {
        self.name = name
        self.value = value.flatMap { $0.isFinite ? $0 : nil }
        self.explanation = explanation
      }
    }

    /// What the labels are, such as "languages".
    public let name: String
    public let figures: [Figure]
    /// For each node, the part of its labelled samples that have its majority label, 0...1; nil where there are none.
    public let purity: [Double?]
    /// For each node, the label that most of its samples have; nil where there are none.
    public let majority: [String?]

    /// - Parameters:
    ///   - purity: One for each node: K clusters, then the merges.
    ///   - majority: As many.
    public init(name: String, figures: [Figure], purity: [Double?], majority: [String?]) {
      precondition(purity.count == majority.count, "a purity and a majority label for each node")
      self.name = name
      self.figures = figures
      self.purity = purity
      self.majority = majority
    }
  }
}
