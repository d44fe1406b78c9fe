import Foundation

/// The whole method by its definition in double precision and in memory, from rows to merges.
package struct DoubleReference {
  package struct Step: Sendable {
    package let lowest: Int
    package let partner: Int
    package let score: Double
    package let average: Double
  }

  private let rows: [[Double]]
  private let temperature: Double
  private let score: String
  private let assigned: [RowOracle]

  /// - Parameter score: What `build --score` takes.
  package init(_ rows: [[Double]], temperature: Double, score: String) {
    self.rows = rows
    self.temperature = temperature
    self.score = score
    assigned = rows.map { RowOracle(logits: $0, group: [], temperature: temperature) }
  }

  private func value(of group: Set<Int>) -> Double {
    let probabilities = group.map { cluster in assigned.filter { $0.assignment == cluster }.map { 1 - $0.doubt } }
    let sums = probabilities.map { $0.reduce(0, +) }
    switch score {
    case "sum-of-means": return zip(sums, probabilities).reduce(0) { $0 + $1.0 / Double($1.1.count) }
    case "sum": return sums.reduce(0, +)
    case "mean": return sums.reduce(0, +) / Double(probabilities.reduce(0) { $0 + $1.count })
    default: preconditionFailure("no score is called \(score)")
    }
  }

  private func reassigned(_ group: Set<Int>) -> [Int: Double] {
    var sums: [Int: Double] = [:]
    for (row, assignment) in zip(rows, assigned) where group.contains(assignment.assignment) {
      let oracle = RowOracle(logits: row, group: group, temperature: temperature)
      if let target = oracle.target { sums[target, default: 0] += oracle.probability }
    }
    return sums
  }

  package func merges() -> [Step] {
    let clusters = rows[0].count
    var groups = Dictionary(uniqueKeysWithValues: Set(assigned.map(\.assignment)).map { ($0, Set([$0])) })
    var steps: [Step] = []
    while groups.count > 1 {
      let nodes = groups.keys.sorted()
      let scores = groups.mapValues(value)
      let lowest = nodes.reduce(nodes[0]) { (scores[$1] ?? 0) < (scores[$0] ?? 0) ? $1 : $0 }
      let sums = reassigned(groups[lowest] ?? [])
      let averages = groups.mapValues { $0.reduce(0) { $0 + (sums[$1] ?? 0) } / Double($0.count) }
      let others = nodes.filter { $0 != lowest }
      let partner = others.reduce(others[0]) { (averages[$1] ?? 0) > (averages[$0] ?? 0) ? $1 : $0 }
      steps.append(
        Step(lowest: lowest, partner: partner, score: scores[lowest] ?? 0, average: averages[partner] ?? 0))
      groups[clusters + steps.count - 1] = (groups[lowest] ?? []).union(groups[partner] ?? [])
      groups[lowest] = nil
      groups[partner] = nil
    }
    return steps
  }
}
