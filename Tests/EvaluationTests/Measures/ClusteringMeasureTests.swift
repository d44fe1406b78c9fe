import Evaluation
import Testing

@Suite("Measures of clusters, the tree aside")
struct ClusteringMeasureTests {
  @Test("Clusters that are the labels, in another order, agree with them")
  func same() {
    let table = CountTable([[0, 4, 0], [3, 0, 0], [0, 0, 9]])
    #expect(isClose(table.normalizedMutualInformation, 1))
    #expect(table.adjustedRandIndex == 1 && table.leafPurity == 1)
  }

  @Test("Where nothing is shared there is no information, and where nothing is split there is agreement")
  func extremes() {
    let independent = CountTable([[6, 3], [2, 1]])
    #expect(independent.normalizedMutualInformation == 0)
    let split = CountTable([[2, 2]])
    #expect(split.normalizedMutualInformation == 0 && split.adjustedRandIndex == 0 && split.leafPurity == 0.5)
    let single = CountTable([[7]])
    #expect(single.normalizedMutualInformation == 1 && single.adjustedRandIndex == 1)
    // One row.
    #expect(CountTable([[0, 0], [0, 1]]).adjustedRandIndex == 1)
  }

  @Test("2^40 rows have the figures of few, as far as these are of fractions")
  func large() {
    let small = [[5, 1, 0], [2, 2, 1], [0, 0, 5]]
    let few = CountTable(small)
    let many = CountTable(small.map { $0.map { $0 << 36 } })
    #expect(isClose(many.normalizedMutualInformation, few.normalizedMutualInformation))
    #expect(isClose(many.leafPurity, few.leafPurity))
    // Of fractions p: (Σp_ij² − ab) / ((a + b) / 2 − ab) with a = Σp_i² and b = Σp_j², as pairs of a row with itself
    // vanish.
    let (both, a, b) = (60.0 / 256, 86.0 / 256, 94.0 / 256)
    #expect(isClose(many.adjustedRandIndex, (both - a * b) / ((a + b) / 2 - a * b)))
  }

  @Test("Equal counts: the first label is the majority")
  func ties() {
    let table = CountTable([[0, 2, 2], [0, 0, 0]])
    #expect(table.majority(of: 0) == CountTable.Entry(label: 1, count: 2) && table.majority(of: 1) == nil)
  }
}
