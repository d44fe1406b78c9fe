import Report

/// What is said of rows that were left out.
enum SkippedRows {
  /// A warning if there are any.
  ///
  /// - Parameter unwritten: How many of them were never written.
  static func warning(_ count: Int, unwritten: Int) -> Message? {
    guard count > 0 else { return nil }
    if unwritten == count {
      return
        "\(Text.count(count, "row that was never written was", plural: "rows that were never written were")) left out"
    }
    let part = unwritten > 0 ? ", \(Text.grouped(unwritten)) of them never written" : ""
    return "\(Text.count(count, "invalid row was", plural: "invalid rows were")) left out\(part)"
  }
}
