/// A scale of colours for numbers, from the lowest to the highest, in steps that can be told apart.
struct NumberScale {
  let range: ClosedRange<Double>

  /// nil if no number is known.
  init?(_ values: [Double?]) {
    let known = values.compactMap(\.self)
    guard let least = known.min(), let most = known.max() else { return nil }
    range = least...most
  }

  /// The number of colours.
  static let shades = 25

  /// The index of a number's colour.
  func shade(_ value: Double) -> Int {
    guard range.upperBound > range.lowerBound else { return Self.shades - 1 }
    // Halves, since the difference of two numbers may be too large.
    let part = (value / 2 - range.lowerBound / 2) / (range.upperBound / 2 - range.lowerBound / 2)
    return Int((part * Double(Self.shades - 1)).rounded())
  }

  /// The number that a colour stands for, of which it is the middle.
  func value(of shade: Int) -> Double {
    let part = Double(shade) / Double(Self.shades - 1)
    return range.lowerBound * (1 - part) + range.upperBound * part
  }

  /// The colours at equal distances, the lowest first: lighter is less, for all eyes and on paper without colours.
  private static let stops: [(red: Double, green: Double, blue: Double)] = [
    (219, 230, 238), (156, 195, 220), (74, 144, 192), (31, 90, 153), (13, 42, 85),
  ]

  static func colour(_ shade: Int) -> String {
    let place = Double(shade) / Double(shades - 1) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let (low, high, part) = (stops[index], stops[index + 1], place - Double(index))
    func channel(_ channel: KeyPath<(red: Double, green: Double, blue: Double), Double>) -> String {
      let value = Int((low[keyPath: channel] * (1 - part) + high[keyPath: channel] * part).rounded())
      let digits = String(value, radix: 16, uppercase: true)
      return digits.count < 2 ? "0" + digits : digits
    }
    return "#" + channel(\.red) + channel(\.green) + channel(\.blue)
  }
}
