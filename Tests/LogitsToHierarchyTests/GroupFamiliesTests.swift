import LogitsToHierarchy
import TestSupport
import Testing

@Suite("Families of groups")
struct GroupFamiliesTests {
  @Test("In a family any two groups are disjoint or nested; none is lost or repeated", arguments: seeds(50))
  func properties(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let groups = (0..<random.int(0...12)).map { _ in
      let start = random.int(0...20)
      return Group(Array(start..<start + random.int(1...12)))
    }
    let families = Group.families(groups, most: 100)
    #expect(Set(families.joined()) == Set(groups))
    #expect(families.joined().count == Set(groups).count)
    for family in families {
      for a in family {
        for b in family where a != b {
          let (a, b) = (Set(a.clusters), Set(b.clusters))
          #expect(a.isDisjoint(with: b) || a.isSubset(of: b) || b.isSubset(of: a))
        }
      }
    }
    // The first family takes what it can, and what is beyond the most is left out.
    #expect(Group.families(groups, most: 1) == Array(families.prefix(1)))
  }
}
