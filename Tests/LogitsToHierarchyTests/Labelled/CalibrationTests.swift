import Foundation
import LogitsToHierarchy
import TestSupport
import Testing

@Suite("A promise of accuracy, and the confidence that keeps it")
struct CalibrationTests {
  private struct Draw: Encodable {
    let hits: Int
    let draws: Int
    let probability: Double
  }

  @Test("The binomial distribution is SciPy's")
  func binomial() throws {
    var random = SeededGenerator(seed: 7)
    let draws = (0..<300).map { index in
      let n = index < 200 ? random.int(1...2000) : random.int(1_000_000...1_000_000_000)
      let p = Double.random(in: 0.0005...0.6, using: &random)
      let spread = (Double(n) * p).squareRoot()
      let hits = min(n, max(0, Int(Double(n) * p + random.normal() * 2 * spread)))
      return Draw(hits: hits, draws: n, probability: p)
    }
    let expected: [Double] = try PythonOracle.run(
      """
      from scipy.stats import binom
      results = [float(binom.cdf(c["hits"], c["draws"], c["probability"])) for c in cases]
      """, on: draws)
    for (draw, expected) in zip(draws, expected) {
      let found = BinomialTail(draws: draw.draws, probability: draw.probability).atMost(draw.hits)
      // SciPy's own digits are fewer where there are many draws.
      #expect(
        abs(found - expected) <= (draw.draws > 10_000 ? 1e-6 : 1e-9) * max(expected, 1e-6),
        "\(draw): \(found), not \(expected)")
    }
    let tail = BinomialTail(draws: 10, probability: 0.25)
    #expect(tail.atMost(-1) == 0 && tail.atMost(10) == 1)
  }

  @Test("As few wrong rows are let through as the bound of Clopper and Pearson says")
  func mostWrong() {
    let promise = AccuracyPromise(accuracy: 0.95, certainty: 0.95)
    // 0.95⁵⁹ is the first power below 0.05.
    #expect(promise.fewestRows == 59 && promise.mostWrong(of: 58) == nil && promise.mostWrong(of: 59) == 0)
    for rows in [59, 100, 1000, 12_345] {
      guard let most = promise.mostWrong(of: rows) else {
        Issue.record("\(rows) rows are enough")
        continue
      }
      let tail = BinomialTail(draws: rows, probability: 1 - promise.accuracy)
      #expect(tail.atMost(most) <= 1 - promise.certainty && tail.atMost(most + 1) > 1 - promise.certainty)
    }
  }

  @Test("Confidences ascend, and are decimals as they are printed")
  func grid() throws {
    let confidences = ConfidenceGrid.confidences
    #expect(zip(confidences, confidences.dropFirst()).allSatisfy { $0 < $1 })
    #expect(
      confidences.first == 0.0001 && confidences.last == 1 && confidences.contains(0.95) && confidences.contains(0.9995)
    )
    #expect(confidences.contains(0.99999) && confidences.contains(1 - 1e-9))
    // A #expect for each would take seconds.
    let odd = confidences.filter { Double("\($0)") != $0 || "\($0)".utf8.count > 17 }
    #expect(odd.isEmpty)
  }

  @Test("The least confidence is taken that leaves no more wrong rows than may be; other rows tell what it reaches")
  func choice() throws {
    let confidences = ConfidenceGrid.confidences
    var random = SeededGenerator(seed: 3)
    let promise = AccuracyPromise(accuracy: 0.9, certainty: 0.9)
    for _ in 0..<extent(50, debugging: 10) {
      var counts = CalibrationCounts(confidences: confidences.count)
      let rows = random.int(60...900)
      let wrongAt = (0..<rows).map { _ in random.happens(0.7) ? 0 : random.int(0...confidences.count - 1) }
      let others = (0..<100).map { _ in random.int(0...confidences.count) }
      for wrong in wrongAt { counts.chosen.add(row: wrong) }
      for wrong in others { counts.others.add(row: wrong) }
      let found = try Calibration(counts, keeping: promise)
      let most = try #require(promise.mostWrong(of: rows))
      let index = try #require(confidences.firstIndex(of: found.confidence))
      func wrong(_ index: Int) -> Int { wrongAt.count { $0 > index } }
      #expect(wrong(index) <= most && (index == 0 || wrong(index - 1) > most))
      #expect(found.wrong == wrong(index) && found.rows == rows)
      #expect(found.otherWrong == others.count { $0 > index } && found.otherRows == 100)
    }
  }

  @Test("A promise that no confidence keeps, or that rows are too few for, is an error")
  func errors() {
    let promise = AccuracyPromise(accuracy: 0.9, certainty: 0.95)
    var counts = CalibrationCounts(confidences: ConfidenceGrid.confidences.count)
    for _ in 0..<28 { counts.chosen.add(row: 0) }
    #expect(throws: CalibrationError.tooFewRows(found: 28, areBlocks: false, needed: 29, promise)) {
      try Calibration(counts, keeping: promise)
    }
    for _ in 0..<30 { counts.chosen.add(row: ConfidenceGrid.confidences.count) }
    counts.chosen.add(row: ConfidenceGrid.confidences.count + 1)
    #expect(throws: CalibrationError.unreachable(wrong: 31, strange: 1, of: 59, promise)) {
      try Calibration(counts, keeping: promise)
    }
  }

  @Test("Rows of a block count as one together, and the bound is that of Hoeffding and Bentkus")
  func blocks() throws {
    let confidences = ConfidenceGrid.confidences
    var random = SeededGenerator(seed: 9)
    // Blocks of one to nine rows; in some all rows are wrong up to a high confidence.
    var (wrong, blocks): ([Int32], [Int64]) = ([], [])
    for block in 0..<800 {
      let isBad = random.happens(0.15)
      for _ in 0..<random.int(1...9) {
        wrong.append(isBad ? Int32(random.int(0...confidences.count - 1)) : random.happens(0.1) ? -1 : 0)
        blocks.append(Int64(block * 7 - 400))
      }
    }
    let order = wrong.indices.shuffled(using: &random)
    (wrong, blocks) = (order.map { wrong[$0] }, order.map { blocks[$0] })
    let split = RowSplit(seed: 4, share: 0.7)
    let promise = AccuracyPromise(accuracy: 0.92, certainty: 0.9)
    let counts = wrong.withUnsafeBufferPointer {
      CalibrationCounts($0, blocks, split, confidences: confidences.count)
    }
    let found = try Calibration(counts, keeping: promise)

    let labelled = wrong.indices.filter { wrong[$0] >= 0 }
    let groups = Dictionary(grouping: labelled) { blocks[$0] }
    func meanLoss(_ index: Int, chosen: Bool) -> (loss: Double, blocks: Int) {
      let losses = groups.filter { split.chooses(Int($0.key)) == chosen }.map { _, rows in
        Double(rows.count { wrong[$0] > index }) / Double(rows.count)
      }
      return (losses.reduce(0, +) / Double(losses.count), losses.count)
    }
    let index = try #require(confidences.firstIndex(of: found.confidence))
    let (mine, others) = (meanLoss(index, chosen: true), meanLoss(index, chosen: false))
    #expect(found.blocks?.chosen == mine.blocks && found.blocks?.others == others.blocks)
    #expect(promise.isKept(meanLoss: mine.loss, blocks: mine.blocks))
    #expect(index == 0 || !promise.isKept(meanLoss: meanLoss(index - 1, chosen: true).loss, blocks: mine.blocks))
    #expect(abs((found.accuracyOfOthers ?? 0) - (1 - others.loss)) < 1e-9)
    // A tighter bound than Bentkus's alone for few blocks, and never looser than that of single rows allows.
    #expect(promise.isKept(meanLoss: 0, blocks: 28) && !promise.isKept(meanLoss: 0.079, blocks: 500))
    #expect(!promise.isKept(meanLoss: 0.08, blocks: 1_000_000_000))
  }

  @Test("Rows are divided by their numbers and the seed, about as the share says")
  func split() {
    for share in [0.1, 0.5, 1] {
      let split = RowSplit(seed: 5, share: share)
      let count = (0..<20_000).count { split.chooses($0) }
      #expect(abs(Double(count) / 20_000 - share) < 0.015)
    }
    let (first, second) = (RowSplit(seed: 1, share: 0.5), RowSplit(seed: 2, share: 0.5))
    #expect((0..<1000).contains { first.chooses($0) != second.chooses($0) })
  }
}
