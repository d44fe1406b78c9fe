import Synchronization

/// The labels of a source's rows, for passes that hold rows against them. They are read window by window, and a few windows
/// are kept, since workers go through neighbouring rows.
package final class RowLabels: Sendable {
  /// For each label, the clusters that it stands for; none if it is no cluster's.
  package let clusters: [[Int]]
  /// N.
  package let rows: Int
  /// For each window of rows whether any has a label; nil if that is not known.
  private let isLabelled: [Bool]?
  private let read: @Sendable (Range<Int>) throws -> [Int32]
  private let windows = Mutex<[(index: Int, labels: [Int32])]>([])

  package static let windowRows = 1 << 16
  private static let mostWindows = 8

  /// - Parameters:
  ///   - isLabelled: For each window of ``windowRows`` rows whether any has a label: others need not be read. nil if nobody
  ///     looked.
  ///   - read: Gives the labels of some rows, counted over all inputs; −1 for none. It is called for one window at a time.
  package init(
    clusters: [[Int]], rows: Int, isLabelled: [Bool]? = nil, read: @escaping @Sendable (Range<Int>) throws -> [Int32]
  ) {
    precondition(isLabelled.map { $0.count == (rows + Self.windowRows - 1) / Self.windowRows } ?? true)
    self.clusters = clusters
    self.rows = rows
    self.isLabelled = isLabelled
    self.read = read
  }

  /// Labels of neighbouring rows, in the window that the first of them is in.
  private func part(_ rows: Range<Int>) throws -> ArraySlice<Int32> {
    let index = rows.lowerBound / Self.windowRows
    let start = index * Self.windowRows
    let labels = try windows.withLock { windows in
      if let known = windows.first(where: { $0.index == index }) { return known.labels }
      let labels = try read(start..<min(start + Self.windowRows, self.rows))
      if windows.count == Self.mostWindows { windows.removeFirst() }
      windows.append((index, labels))
      return labels
    }
    return labels[rows.lowerBound - start..<min(rows.upperBound - start, labels.count)]
  }

  /// Whether any of some rows may have a label.
  func mayHave(_ rows: Range<Int>) -> Bool {
    guard let isLabelled else { return true }
    return isLabelled[rows.lowerBound / Self.windowRows...(rows.upperBound - 1) / Self.windowRows].contains(true)
  }

  /// Gives the labels of some rows to `body`, part by part, each with the number of its first row.
  func forEachPart(of rows: Range<Int>, _ body: (_ first: Int, _ labels: ArraySlice<Int32>) throws -> Void) throws {
    var first = rows.lowerBound
    while first < rows.upperBound {
      let labels = try part(first..<rows.upperBound)
      try body(first, labels)
      first += labels.count
    }
  }
}
