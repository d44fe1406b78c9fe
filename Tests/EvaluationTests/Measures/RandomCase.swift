import Evaluation
import Hierarchy
import TestSupport

/// A hierarchy with labels of its clusters' rows, some of which may have none, as a seed has it.
struct RandomCase {
  let hierarchy: ClusterHierarchy
  let table: CountTable

  init(seed: UInt64, clusters: ClosedRange<Int> = 2...30, labels: ClosedRange<Int> = 1...12) throws {
    var generator = SeededGenerator(seed: seed)
    hierarchy = try .random(generator.int(clusters), &generator)
    // From a label for each cluster, by clusters of one label, to labels at random.
    let isPerfect = generator.happens(0.1)
    let labels = isPerfect ? hierarchy.clusters.count : generator.int(labels)
    let noise = isPerfect ? 0 : Double.random(in: 0...1, using: &generator)
    let unlabelled = generator.happens(0.5) ? 0 : Double.random(in: 0...0.9, using: &generator)
    var counts = hierarchy.clusters.map { _ in [Int](repeating: 0, count: labels) }
    for (cluster, content) in hierarchy.clusters.enumerated() {
      let own = isPerfect ? cluster : generator.int(0...labels - 1)
      for _ in 0..<content.samples where !generator.happens(unlabelled) {
        counts[cluster][generator.happens(noise) ? generator.int(0...labels - 1) : own] += 1
      }
    }
    if !counts.joined().contains(where: { $0 > 0 }) {
      counts[hierarchy.root < counts.count ? hierarchy.root : 0][0] = 1
    }
    table = CountTable(counts)
  }

  var labelling: Labelling {
    Labelling(name: "labels", labels: (0..<table.labels).map { "l\($0)" }, table: table, unlabelledRows: 0)
  }

  var evaluation: LabelEvaluation { LabelEvaluation(hierarchy, labelling) }

  /// For each row its cluster and label.
  var rows: [(cluster: Int, label: Int)] {
    table.entries.enumerated().flatMap { cluster, entries in
      entries.flatMap { entry in (0..<entry.count).map { _ in (cluster, entry.label) } }
    }
  }
}
