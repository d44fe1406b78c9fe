import Foundation
import LogitStream
import TestSupport
import Testing

@Suite("What type numbers without a header look like")
struct ApparentTypeTests {
  private static let types = LogitFormat.Precision.allCases.flatMap { precision in
    [false, true].map { LogitFormat(precision: precision, isBigEndian: $0) }
  }

  private static func normal(_ random: inout SeededGenerator) -> Double {
    let radius = (-2 * log(Double.random(in: .leastNonzeroMagnitude..<1, using: &random))).squareRoot()
    return radius * cos(.random(in: 0..<2 * .pi, using: &random))
  }

  /// Rows as models write them, by what they are called.
  private static func rows(_ name: String, clusters: Int) -> [Double] {
    var random = SeededGenerator(seed: 7)
    return (0..<max(4, 9000 / clusters)).flatMap { _ -> [Double] in
      var row = (0..<clusters).map { _ in 4 * normal(&random) }
      row[.random(in: 0..<clusters, using: &random)] += 12
      let largest = row.max() ?? 0
      let logarithm = largest + log(row.reduce(0) { $0 + exp($1 - largest) })
      return row.map { value in
        switch name {
        case "below the maximum": value - largest
        case "log-probabilities": value - logarithm
        case "probabilities": exp(value - logarithm)
        case "masked": .random(in: 0..<3, using: &random) == 0 ? -1e30 : value
        case "masked by -inf": .random(in: 0..<3, using: &random) == 0 ? -.infinity : value
        case "integers": value.rounded()
        case "tenths": (value * 10).rounded() / 10
        case "rectified": max(0, value)
        case "large": 40 * value - 500
        case "from float16": Double(Float16(value))
        case "from float32": Double(Float(value))
        default: value
        }
      }
    }
  }

  private static func bytes(_ rows: [Double], _ format: LogitFormat) -> [UInt8] {
    rows.flatMap { value in
      let bits: UInt64 = LogitFormat(precision: format.precision).bits(of: value)
      let bytes = (0..<format.byteCount).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
      return format.isBigEndian ? bytes.reversed() : bytes
    }
  }

  @Test(
    "What is of the type that was said looks like no other",
    arguments: [
      "logits", "below the maximum", "log-probabilities", "probabilities", "masked", "masked by -inf", "integers",
      "tenths", "rectified", "large", "from float16", "from float32",
    ], [10, 2, 3, 1000].prefix(extent(4, debugging: 1)))
  func right(name: String, clusters: Int) {
    let rows = Self.rows(name, clusters: clusters)
    for format in Self.types {
      #expect(ApparentType(Self.bytes(rows, format)).other(than: format) == nil, "\(name), \(format)")
    }
  }

  @Test("Logits of one type that are said to be of another look like what they are", arguments: types)
  func wrong(format: LogitFormat) {
    let all = [("logits", 1000), ("below the maximum", 37), ("log-probabilities", 1000)]
    for (name, clusters) in all.prefix(extent(3, debugging: 1)) {
      let apparent = ApparentType(Self.bytes(Self.rows(name, clusters: clusters), format))
      for said in Self.types where said != format {
        // Numbers below 0 alone may be either of the types of two bytes.
        let isOpen = format.byteCount == 2 && said.byteCount == 2 && said.isBigEndian == format.isBigEndian
        guard name == "logits" || !isOpen else { continue }
        #expect(apparent.other(than: said) == format, "\(name), \(format) said to be \(said)")
      }
    }
  }

  @Test("What was narrow once is told from halves; few or equal numbers tell nothing")
  func odd() {
    let (single, double) = (LogitFormat(precision: .float32), LogitFormat(precision: .float64))
    let widened = ApparentType(Self.bytes(Self.rows("from float32", clusters: 10), double))
    #expect(widened.other(than: single) == double)
    #expect(ApparentType(Self.bytes(Array(repeating: 1.5, count: 5000), single)).other(than: double) == nil)
    #expect(ApparentType(Self.bytes([1, 2, 3, 4], single)).other(than: double) == nil)
    #expect(ApparentType([]).other(than: double) == nil)
  }
}
