import Synchronization

/// The labels of a source's rows, for passes that hold rows against them. They are read window by window, and a few windows
/// are kept, since workers go through neighbouring rows.
package final class RowLabels: Sendable {
  /// For each label, the clusters that it stands for; none if it is no cluster's.
  package let clusters: [[Int]]
  /// N.
  package let rows: Int
  private let read: @Sendable (Range<Int>) throws -> [Int32]
  private let windows = Mutex<[(index: Int, labels: [Int32])]>([])

  private static let windowRows = 1 << 16
  private static let mostWindows = 8

  /// - Parameter read: Gives the labels of some rows, counted over all inputs; −1 for none. It is called for one window at a
  ///   time.
  package init(clusters: [[Int]], rows: Int, read: @escaping @Sendable (Range<Int>) throws -> [Int32]) {
    self.clusters = clusters
    self.rows = rows
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
