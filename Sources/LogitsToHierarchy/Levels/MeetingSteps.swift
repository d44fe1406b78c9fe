/// Finds the merge that brings any two clusters into one group, in constant time (Bender and Farach-Colton 2000).
///
/// Clusters are put in an order in which those of every node are neighbours. Two clusters meet at the latest of the merges
/// at which neighbours between them meet; the latest of a range is read from a table of the latest over 2, 4, 8, …
///
/// - Complexity: O(K log K) memory and time to make.
package struct MeetingSteps {
  /// The place of each cluster in the order; −1 for those in no merge.
  private var places: [Int32]
  /// At [k][i], the latest merge at which neighbours meet over the 2^k pairs from place i on.
  private var latest: [[Int32]]

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
    latest = [row]
    var width = 1
    while 2 * width <= row.count {
      let narrow = latest[latest.count - 1]
      latest.append((0...row.count - 2 * width).map { max(narrow[$0], narrow[$0 + width]) })
      width *= 2
    }
  }

  /// The index of the merge at which two different clusters of the tree meet.
  package func merge(of a: Int, _ b: Int) -> Int {
    let (low, high) = (Int(min(places[a], places[b])), Int(max(places[a], places[b])))
    let level = Int.bitWidth - 1 - (high - low).leadingZeroBitCount
    let row = latest[level]
    return Int(max(row[low], row[high - (1 << level)]))
  }
}
