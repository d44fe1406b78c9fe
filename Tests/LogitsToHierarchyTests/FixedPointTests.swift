import LogitsToHierarchy
import TestSupport
import Testing

@Suite("Fixed-point sums")
struct FixedPointTests {
  @Test(
    "A number becomes the nearest multiple of 2^-40, of two the even one",
    arguments: [
      (0, 0), (1, 1 << 40), (0.5, 1 << 39), (0x1p-40, 1), (0x1p-41, 0), (0x1.8p-40, 2), (0x1.4p-39, 2), (0x1.cp-39, 4),
      (0x1.0000001p-41, 1), (0x0.ffffffp-41, 0), (1 - 0x1p-53, 1 << 40), (1e-300, 0),
    ] as [(Double, UInt64)])
  func rounding(value: Double, units: UInt64) {
    #expect(FixedPoint.rounded(value) == units)
  }

  @Test("Units are turned back into the number")
  func double() {
    #expect(FixedPoint.double(3 << 39) == 1.5)
    #expect(FixedPoint.double(1 << 80) == 0x1p40)
  }

  @Test("Sums carry beyond 64 bits", arguments: seeds(8))
  func carrying(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var sums = WideSums(count: 5)
    var together = sums
    var expected = [UInt128](repeating: 0, count: 5)
    let amounts = (0..<300).map { _ in
      (amount: random.happens(0.5) ? UInt64.max - random.next() % 1000 : random.next(), index: random.int(0...3))
    }
    for (amount, index) in amounts {
      sums.add(amount, at: index)
      expected[index] += UInt128(amount)
    }
    together.add(amounts.count) { amounts[$0] }
    #expect(expected[0] > UInt128(UInt64.max))
    #expect((0..<5).map { sums[$0] } == expected)
    #expect((0..<5).map { together[$0] } == expected)
    #expect(sums[4] == 0 && sums.count == 5)
  }

  @Test("A sum that fills 64 bits exactly is carried")
  func exactCarry() {
    var sums = WideSums(count: 1)
    sums.add(.max, at: 0)
    #expect(sums[0] == UInt128(UInt64.max))
    sums.add(1, at: 0)
    #expect(sums[0] == 1 << 64)
  }
}
