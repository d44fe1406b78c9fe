extension ExplorerPage {
  /// A cluster that sits far from its siblings in a taxonomy.
  package struct StrangeCluster: Sendable, Encodable {
    let cluster: Int
    let group: String
    /// How often another cluster is nearer than a sibling, 0...1.
    let strangeness: Double

    package init(cluster: Int, group: String, strangeness: Double) {
      self.cluster = cluster
      self.group = Text.shown(group)
      self.strangeness = strangeness.toSixDigits
    }
  }

  /// The results of evaluating the hierarchy by one labelling of the samples.
  package struct Figures: Sendable {
    /// A measure of the whole hierarchy.
    package struct Figure: Sendable, Encodable {
      package let name: String
      /// nil if it is not defined.
      package let value: Double?
      /// What the value says, in a sentence.
      package let explanation: String

      package init(name: String, value: Double?, explanation: String) {
        self.name = name
        self.value = value.flatMap { $0.isFinite ? $0 : nil }
        self.explanation = explanation
      }
    }

    /// A name for the labels as a whole, such as "languages".
    package let name: String
    package let figures: [Figure]
    /// For each node, the fraction of its labelled samples that have the majority label, 0...1; nil if there are none.
    package let purity: [Double?]
    /// For each node, the label that most of its samples have; nil if there are none.
    package let majority: [String?]

    /// - Parameters:
    ///   - purity: One for each node: the K clusters, then the merges.
    ///   - majority: One for each node.
    package init(name: String, figures: [Figure], purity: [Double?], majority: [String?]) {
      precondition(purity.count == majority.count, "a purity and a majority label for each node")
      self.name = name
      self.figures = figures
      self.purity = purity
      self.majority = majority
    }
  }
}
