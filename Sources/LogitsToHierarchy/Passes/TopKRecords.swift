import KernelInterface
import LogitStream

/// Rows of a top-k dump as the kernel takes them: values in order, the largest first, with their clusters.
///
/// Whoever wrote them may have them in any order. What stands for a probability of 0, or has −1 for its cluster, fills up a row
/// of fewer values.
final class TopKRecords {
  private struct Entry: BitwiseCopyable {
    var value: Double
    var cluster: Int32

    /// Larger values come first, then smaller clusters.
    static func < (a: Entry, b: Entry) -> Bool {
      a.value > b.value || (a.value == b.value && a.cluster < b.cluster)
    }
  }

  private let arrays: TopKArrays
  private let format: LogitFormat
  private let isProbability: Bool
  let isDouble: Bool
  /// Places for each row's values, a multiple of sixteen.
  let stride: Int
  private let memory: PageBuffer
  /// The clusters of each row's values.
  let members: FixedBuffer<UInt32>
  /// How many values of each row are known.
  let known: FixedBuffer<Int32>
  let normalizers: FixedBuffer<Double>
  /// A row's values as they were read, and those that are known with their clusters.
  private let read: UnsafeMutableBufferPointer<Double>
  private let entries: UnsafeMutableBufferPointer<Entry>
  /// For each cluster, the last row that had it, by a number of this worker's.
  private let lastRows: FixedBuffer<UInt32>
  private var row: UInt32 = 0

  /// - Parameter capacity: The most rows.
  init(_ arrays: TopKArrays, _ format: LogitFormat, isProbability: Bool, capacity: Int) {
    self.arrays = arrays
    self.format = format
    self.isProbability = isProbability
    isDouble = format.precision == .float64
    stride = (arrays.width + 15) / 16 * 16
    memory = PageBuffer(byteCount: capacity * stride * (isDouble ? 8 : 4))
    members = FixedBuffer(repeating: 0, count: capacity * stride)
    known = FixedBuffer(repeating: 0, count: capacity)
    normalizers = FixedBuffer(repeating: 0, count: capacity)
    read = .allocate(capacity: arrays.width)
    entries = .allocate(capacity: arrays.width)
    lastRows = FixedBuffer(repeating: 0, count: arrays.clusters)
  }

  deinit {
    read.deallocate()
    entries.deallocate()
  }

  /// Whether these are records of an input.
  func fit(_ input: LogitInput) -> Bool { input.topK == arrays && input.format == format }

  /// The values of all rows.
  var values: UnsafeMutableRawPointer {
    guard let start = memory.bytes.baseAddress else { preconditionFailure("records need memory") }
    return start
  }

  private var excluded: Double { isProbability ? 0 : -.infinity }

  /// Takes a record for row `index`.
  ///
  /// - Returns: What is wrong with it; nil if nothing is.
  func take(_ record: UnsafeRawPointer, at index: Int) -> TopKFault? {
    let width = arrays.width
    readValues(record)
    let indices = record + width * format.byteCount
    var count = 0
    if let fault = readClusters(indices, &count) { return fault }
    guard count > 0 else { return .nothing }
    if let normalizer = arrays.normalizerFormat?.logit(indices + width * arrays.indexFormat.byteCount) {
      guard normalizer.isFinite else { return .normalizer(normalizer) }
      normalizers.start[index] = normalizer
    }
    var entries = UnsafeMutableBufferPointer(rebasing: entries[..<count])
    if zip(entries, entries.dropFirst()).contains(where: { $1 < $0 }) { entries.sort { $0 < $1 } }
    store(entries, at: index)
    return nil
  }

  private func readValues(_ record: UnsafeRawPointer) {
    var next = read.startIndex
    format.forEachLogit(record, count: arrays.width) { [read] value in
      read[next] = value
      next += 1
    }
  }

  /// Lists the values that are known with their clusters.
  private func readClusters(_ indices: UnsafeRawPointer, _ count: inout Int) -> TopKFault? {
    nextRow()
    var fault: TopKFault?
    var position = -1
    var found = 0
    let excluded = excluded
    arrays.indexFormat.forEachInteger(indices, count: arrays.width) { [row, read, entries, lastRows] number in
      position += 1
      let value = read[position]
      guard fault == nil, number != -1, value != excluded else { return }
      guard isValid(value) else {
        fault = .value(column: position, value)
        return
      }
      guard let number, number >= 0, number < arrays.clusters else {
        fault = .cluster(column: position, number, clusters: arrays.clusters)
        return
      }
      let cluster = Int(number)
      guard lastRows.start[cluster] != row else {
        fault = .repeated(column: position, cluster)
        return
      }
      lastRows.start[cluster] = row
      entries[found] = Entry(value: value, cluster: Int32(cluster))
      found += 1
    }
    count = found
    return fault
  }

  private func nextRow() {
    if row == .max {
      lastRows.start.update(repeating: 0, count: lastRows.count)
      row = 0
    }
    row += 1
  }

  private func isValid(_ value: Double) -> Bool {
    isProbability ? value >= 0 && value <= RowForm.largestProbability : value < .infinity
  }

  /// Stores a row's values and clusters, in order, with clusters that it has no values of in place of those that are missing.
  private func store(_ entries: UnsafeMutableBufferPointer<Entry>, at index: Int) {
    known.start[index] = Int32(entries.count)
    for (position, entry) in entries.enumerated() {
      put(entry.value, index * stride + position)
      members.start[index * stride + position] = UInt32(entry.cluster)
    }
    var free = 0
    for position in entries.count..<stride {
      put(excluded, index * stride + position)
      guard position < arrays.width else { continue }
      while lastRows.start[free] == row { free += 1 }
      members.start[index * stride + position] = UInt32(free)
      free += 1
    }
  }

  private func put(_ value: Double, _ position: Int) {
    if isDouble {
      values.storeBytes(of: value, toByteOffset: 8 * position, as: Double.self)
    } else {
      values.storeBytes(of: Float(value), toByteOffset: 4 * position, as: Float.self)
    }
  }
}
