/// How many rows of each cluster have each label: K × C counts. Only those above 0 are kept.
///
/// The table has all that labels can tell of a hierarchy, so nothing here grows with the rows.
package struct CountTable: Sendable, Equatable {
  /// A label in a cluster.
  package struct Entry: Sendable, Equatable {
    package let label: Int
    /// The number of rows, above 0.
    package let count: Int

    package init(label: Int, count: Int) {
      self.label = label
      self.count = count
    }
  }

  /// C.
  package let labels: Int
  /// For each of the K clusters, its labels in ascending order.
  package let entries: [[Entry]]
  /// For each cluster, the number of rows that have a label.
  package let clusterTotals: [Int]
  /// For each label, the number of rows.
  package let labelTotals: [Int]
  /// The number of all rows that have a label.
  package let total: Int

  /// - Parameter entries: For each cluster, its labels: each at most once, within `0..<labels`, with a count above 0.
  package init(labels: Int, entries: [[Entry]]) {
    var labelTotals = [Int](repeating: 0, count: labels)
    for entry in entries.joined() {
      precondition(entry.count > 0, "entries are of rows that are there")
      labelTotals[entry.label] += entry.count
    }
    self.labels = labels
    self.entries = entries.map { $0.sorted { $0.label < $1.label } }
    self.labelTotals = labelTotals
    clusterTotals = entries.map { $0.reduce(0) { $0 + $1.count } }
    total = labelTotals.reduce(0, +)
  }

  /// The table of a K × C matrix.
  package init(_ counts: [[Int]]) {
    self.init(
      labels: counts.first?.count ?? 0,
      entries: counts.map { row in
        row.enumerated().filter { $0.element > 0 }.map { Entry(label: $0.offset, count: $0.element) }
      })
  }

  /// K.
  package var clusters: Int { entries.count }

  /// The table with other labels in place of these, for instance coarser ones.
  ///
  /// - Parameters:
  ///   - labels: The number of the other labels.
  ///   - other: For each label, the one that takes its place; nil to leave its rows out.
  package func relabelled(as labels: Int, _ other: [Int?]) -> CountTable {
    precondition(other.count == self.labels)
    return CountTable(
      labels: labels,
      entries: entries.map { row in
        var counts: [Int: Int] = [:]
        for entry in row {
          if let label = other[entry.label] { counts[label, default: 0] += entry.count }
        }
        return counts.map { Entry(label: $0.key, count: $0.value) }
      })
  }

  /// The label that most rows of a cluster have, the first of equals; nil if no row has a label.
  package func majority(of cluster: Int) -> Entry? {
    entries[cluster].reduce(nil) { best, entry in
      if let best, best.count >= entry.count { best } else { entry }
    }
  }
}

/// Counts rows, in any order, for a ``CountTable``.
///
/// Counts are kept in a K × labels array while that is small. Otherwise they are kept for the pairs that occur.
struct CountAccumulator {
  private let clusters: Int
  /// The number of labels for which `dense` has room.
  private var capacity = 64
  /// K × capacity counts; empty once there are too many labels.
  private var dense: [Int]
  private var sparse: [Pair: Int] = [:]

  private struct Pair: Hashable {
    let cluster: Int
    let label: Int
  }

  private let mostDenseCounts: Int

  /// - Parameter mostDenseCounts: The most counts in an array; by default 128 MiB of them.
  init(clusters: Int, mostDenseCounts: Int = 1 << 24) {
    self.clusters = clusters
    self.mostDenseCounts = mostDenseCounts
    dense = clusters * 64 <= mostDenseCounts ? Array(repeating: 0, count: clusters * 64) : []
  }

  mutating func add(cluster: Int, label: Int) {
    if label >= capacity, !dense.isEmpty { makeRoom(for: label) }
    if dense.isEmpty {
      sparse[Pair(cluster: cluster, label: label), default: 0] += 1
    } else {
      dense[cluster * capacity + label] += 1
    }
  }

  private mutating func makeRoom(for label: Int) {
    var wider = capacity
    while wider <= label { wider *= 2 }
    let isDense = clusters * wider <= mostDenseCounts
    var counts = [Int](repeating: 0, count: isDense ? clusters * wider : 0)
    for (position, count) in dense.enumerated() where count > 0 {
      let (cluster, label) = position.quotientAndRemainder(dividingBy: capacity)
      if isDense {
        counts[cluster * wider + label] = count
      } else {
        sparse[Pair(cluster: cluster, label: label)] = count
      }
    }
    dense = counts
    capacity = wider
  }

  /// The counts so far, of labels below `labels`.
  func table(labels: Int) -> CountTable {
    var entries = [[CountTable.Entry]](repeating: [], count: clusters)
    for (position, count) in dense.enumerated() where count > 0 {
      entries[position / capacity].append(CountTable.Entry(label: position % capacity, count: count))
    }
    for (pair, count) in sparse {
      entries[pair.cluster].append(CountTable.Entry(label: pair.label, count: count))
    }
    return CountTable(labels: labels, entries: entries)
  }
}
