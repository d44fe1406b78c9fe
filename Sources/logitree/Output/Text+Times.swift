import Report

/// Writes times and speeds.
extension Text {
  /// "0.12 s", "12.3 s", "2 min 5 s", "3 h 2 min".
  static func duration(_ seconds: Double) -> String {
    if seconds < 1 { return fixed(seconds, digits: 2) + " s" }
    if seconds < 60 { return fixed(seconds, digits: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// An estimated time: "about 0.3 s", "less than 0.1 s".
  static func roughly(_ seconds: Double) -> String {
    if seconds < 0.1 { return "less than 0.1 s" }
    return "about " + (seconds < 10 ? fixed(seconds, digits: 1) + " s" : duration(seconds.rounded()))
  }

  /// "12.3 M rows/s, 2.46 GB/s".
  static func speed(rows: Int, bytes: Int, seconds: Double) -> String {
    guard seconds > 0 else { return "" }
    let rowSpeed = Double(rows) / seconds
    let text = rowSpeed >= 1e6 ? fixed(rowSpeed / 1e6, digits: 1) + " M" : grouped(Int(rowSpeed))
    return "\(text) rows/s, \(fixed(Double(bytes) / seconds / 1e9, digits: 2)) GB/s"
  }
}
