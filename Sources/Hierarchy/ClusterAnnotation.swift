import Texts

/// Something that is known of each cluster besides the tree, to be shown beside it: a category, or a number.
package struct ClusterAnnotation: Sendable, Equatable {
  package enum Values: Sendable, Equatable {
    /// The names of categories, and for each cluster the index of its own; nil if it is in none.
    case categories([String], ofCluster: [Int?])
    /// A number for each cluster; nil if there is none.
    case numbers([Double?])
  }

  package let name: String
  package let values: Values

  /// - Parameter numbers: A finite number for each cluster; nil if there is none.
  package init(name: String, numbers: [Double?]) {
    self.name = name
    values = .numbers(numbers)
  }

  /// - Parameter categories: A category for each cluster; nil if there is none. Categories are put in the order of how many
  ///   clusters they have, most first, so that these get the first colours; of equals the first in the order of bytes.
  package init(name: String, categories: [String?]) {
    var counts: [ByteText: Int] = [:]
    for category in categories.compactMap(\.self) { counts[ByteText(category), default: 0] += 1 }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let index = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    self.name = name
    values = .categories(order.map(\.string), ofCluster: categories.map { $0.flatMap { index[ByteText($0)] } })
  }
}
