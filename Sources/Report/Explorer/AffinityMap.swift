import FoundationEssentials
import Glibc

/// An affinity matrix as a heat map shows it: as levels from 0 to 255 on a logarithmic scale.
package struct AffinityMap: Sendable, Encodable {
  /// The number of rows, and of columns.
  let size: Int
  /// The value of level 255. Level 1 is `decades` powers of ten below it; level 0 is any smaller value.
  package let highest: Double
  let decades: Double
  /// The levels, row by row, as Base64.
  package let cells: String

  /// - Parameter values: size × size values, row by row; none is negative.
  package init(size: Int, values: [Double]) {
    precondition(values.count == size * size, "a value for each cell")
    self.size = size
    let highest = values.max() ?? 0
    let decades = 5.0
    self.highest = highest
    self.decades = decades
    let levels = values.map { value -> UInt8 in
      guard value > 0 else { return 0 }
      let level = 255 + 254 / decades * log10(value / highest)
      return level < 0.5 ? 0 : UInt8(level.rounded())
    }
    cells = Data(levels).base64EncodedString()
  }
}
