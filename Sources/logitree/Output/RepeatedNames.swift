import Report
import Texts

/// Names that several clusters have.
struct RepeatedNames {
  /// Each with its clusters, in the order of the first.
  private let names: [(name: String, clusters: [Int])]

  init(_ clusterNames: [String]) {
    names = Dictionary(grouping: clusterNames.indices) { ByteText(clusterNames[$0]) }
      .filter { $0.value.count > 1 }.map { ($0.key.string, $0.value) }
      .sorted { $0.clusters[0] < $1.clusters[0] }
  }

  /// How many names are listed, and how many clusters of each.
  private static let most = 5

  /// What to say of them; nil if there are none.
  var warning: Message? {
    guard !names.isEmpty else { return nil }
    let subject = Text.count(names.count, "name stands", plural: "names stand")
    return "\(subject) for several clusters: \(list)"
  }

  /// "crane (134, 517), maillot (638, 639)"
  private var list: Message {
    let listed = names.prefix(Self.most).map { name, clusters -> Message in
      let numbers = clusters.prefix(Self.most).map(String.init).joined(separator: ", ")
      return "\(name: name) (\(numbers)\(clusters.count > Self.most ? ", …" : ""))"
    }
    return "\(listed.joined(separator: ", "))\(names.count > Self.most ? ", …" : "")"
  }
}
