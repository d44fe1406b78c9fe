/// The confidences among which one is chosen, in ascending order.
///
/// Up to ½ these are the multiples of 0.0001. Above ½ they are 1 − m · 10⁻ᵉ with m of four digits, down to 10⁻¹²: models are
/// surer than any number of equal steps could tell. Last comes 1. All are decimals of few digits, so that one that is printed
/// can be used again. They don't depend on any row, which is what makes a choice among them fair.
package enum ConfidenceGrid {
  package static let confidences: [Double] = {
    var found = (1...5000).map { Double($0) / 10_000 }
    // 1 − m / scale, by a division that rounds once.
    for exponent in 4...15 {
      let scale = (0..<exponent).reduce(1.0) { power, _ in power * 10 }
      let most = exponent == 4 ? 4999 : 9999
      for m in stride(from: most, through: 1000, by: -1) { found.append((scale - Double(m)) / scale) }
    }
    return found + [1]
  }()
}
