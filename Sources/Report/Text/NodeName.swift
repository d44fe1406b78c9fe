import Errors
import Hierarchy
import Texts

/// Why a text names no node.
package enum NodeNameError: CategorizedError, Sendable, Equatable {
  package var category: ErrorCategory { .usage }

  case unknown(String, similar: [String])
  case repeated(String, clusters: [Int])
  /// The text is a cluster's name and also another node's number.
  case ambiguous(String, cluster: Int)
  /// The text names a cluster without samples.
  case notInTree(String)

  package var description: String {
    switch self {
    case .unknown(let name, let similar):
      "no cluster or node is called \(name)"
        + (similar.isEmpty ? "" : "; there is " + similar.joined(separator: ", "))
    case .repeated(let name, let clusters):
      "\(clusters.count) clusters are called \(name): say which by its number, "
        + clusters.map { "#\($0)" }.joined(separator: ", ")
    case .ambiguous(let name, let cluster):
      "\(name) is the name of cluster #\(cluster), and the number of another node: say which, #\(cluster) or #\(name)"
    case .notInTree(let name): "\(name) has no samples, and is not in the tree"
    }
  }
}

extension ClusterHierarchy {
  /// The node that a text names. The text is a cluster's name, if need be in another case, or a node's number, with or
  /// without a # before it.
  package func node(named text: String) throws(NodeNameError) -> Int {
    let exact = clusters.indices.filter { clusters[$0].name.hasSameBytes(as: text) }
    let number = Int(text).flatMap(existing)
    if let cluster = exact.first {
      guard exact.count == 1 else { throw .repeated(text, clusters: exact) }
      guard number == nil || number == cluster else { throw .ambiguous(text, cluster: cluster) }
      return try inTree(cluster)
    }
    if let number { return try inTree(number) }
    if text.hasBytePrefix("#"), let number = Int(String(text.unicodeScalars.dropFirst())).flatMap(existing) {
      return try inTree(number)
    }
    let folded = text.lowercased()
    let similar = clusters.indices.filter { clusters[$0].name.lowercased() == folded }
    if let cluster = similar.first {
      guard similar.count == 1 else { throw .repeated(text, clusters: similar) }
      return try inTree(cluster)
    }
    throw .unknown(text, similar: SimilarNames.of(folded, among: leaves.map { clusters[$0].name }))
  }

  private func existing(_ number: Int) -> Int? {
    (0..<clusters.count + merges.count).contains(number) ? number : nil
  }

  private func inTree(_ node: Int) throws(NodeNameError) -> Int {
    guard samples(of: node) > 0 else { throw .notInTree(clusters[node].name) }
    return node
  }
}
