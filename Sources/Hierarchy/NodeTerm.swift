/// The term of a taxonomy that fits a node best, and how well: "hunting dog, 26 of 37".
public struct NodeTerm: Sendable, Equatable {
  /// What the taxonomy calls it.
  public var term: String
  /// The node's leaves that are under the term.
  public var leaves: Int
  /// The node's leaves.
  public var size: Int
  /// The leaves of the whole tree that are under the term.
  public var termSize: Int

  public init(term: String, leaves: Int, size: Int, termSize: Int) {
    self.term = term
    self.leaves = leaves
    self.size = size
    self.termSize = termSize
  }

  /// The harmonic mean of two parts, that of the node's leaves which are under the term, and that of the term's leaves which
  /// are below the node. (Dice 1945; van Rijsbergen's F with β = 1.)
  public var f1: Double { 2 * Double(leaves) / Double(size + termSize) }

  /// "hunting dog, 26 of 37"
  public var text: String { "\(term), \(part)" }

  /// "hunting dog (beagle), 26 of 37", where that is the name of a member.
  public func text(withMember name: String) -> String { "\(term) (\(name)), \(part)" }

  private var part: String { "\(leaves) of \(size)" }
}

extension ClusterHierarchy {
  /// The term that fits a node best; nil if there is none, or no taxonomy.
  public func term(of node: Int) -> NodeTerm? { terms.indices.contains(node) ? terms[node] : nil }
}
