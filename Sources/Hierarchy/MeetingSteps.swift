/// Finds the merge that brings any two clusters into one group, in constant time.
///
/// Clusters are put in an order in which those of every node are neighbours. Two clusters meet at the latest of the merges
/// at which neighbours between them meet.
///
/// - Complexity: O(K log K) memory and time to make.
package struct MeetingSteps {
  /// The place of each cluster in the order; −1 for those in no merge.
  package private(set) var places: [Int32]
  /// The merges at which neighbours meet, from each place but the last on.
  private let meetings: RangeMaxima

  /// - Parameter merges: The t-th makes node K + t.
  package init(clusters: Int, merges: [(lowest: Int, partner: Int)]) {
    var first = Array(0..<clusters)
    var last = first
    var next = [Int](repeating: -1, count: clusters)
    // The merge at which a cluster meets the next.
    var meeting = [Int32](repeating: -1, count: clusters)
    for (index, merge) in merges.enumerated() {
      next[last[merge.lowest]] = first[merge.partner]
      meeting[last[merge.lowest]] = Int32(index)
      first.append(first[merge.lowest])
      last.append(last[merge.partner])
    }
    places = Array(repeating: -1, count: clusters)
    var row: [Int32] = []
    var cluster = merges.isEmpty ? -1 : first[first.count - 1]
    while cluster >= 0 {
      places[cluster] = Int32(row.count)
      row.append(meeting[cluster])
      cluster = next[cluster]
    }
    if !row.isEmpty { row.removeLast() }
    meetings = RangeMaxima(row)
  }

  /// The index of the merge at which two different clusters of the tree meet.
  package func merge(of a: Int, _ b: Int) -> Int {
    Int(merge(between: min(places[a], places[b]), and: max(places[a], places[b])))
  }

  /// The index of the merge at which the clusters at two places meet, the first before the second.
  func merge(between low: Int32, and high: Int32) -> Int32 { meetings.largest(from: Int(low), to: Int(high)) }
}
