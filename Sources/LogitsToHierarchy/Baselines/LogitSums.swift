import KernelInterface
import LogitStream
import Synchronization

/// The sums of rows' logits, over the rows that are assigned to each leaf of the tree, which all workers add to: n × n.
///
/// A row counts as its differences from its largest logit: what all logits of a row have in common is nothing to a
/// correlation. What a row adds is rounded to a multiple of 2^-30 and added as an integer, so that sums come out the same in
/// any order.
final class LogitSums: Sendable {
  /// The clusters that are leaves.
  private let leaves: [Int]
  /// For each cluster, its place among them; −1 if it is none.
  private let places: [Int]
  private let clusters: Int
  /// For each leaf and each leaf's column −Σ (ℓ − ℓ_top), in multiples of 2^-30.
  private let sums: Mutex<WideSums>

  private static let unit = 0x1p30
  /// The largest difference that counts: 2^33, which no model's logits have.
  private static let mostDifference = 0x1p33

  init(leaves: [Int], clusters: Int) {
    self.leaves = leaves
    var places = [Int](repeating: -1, count: clusters)
    for (place, leaf) in leaves.enumerated() { places[leaf] = place }
    self.places = places
    self.clusters = clusters
    sums = Mutex(WideSums(count: leaves.count * leaves.count))
  }

  static func byteCount(leaves: Int) -> Int { MemoryLayout<UInt64>.stride * leaves * leaves }

  /// Adds rows of these clusters, which are leaves, given by their differences.
  func add(_ assigned: UnsafeBufferPointer<Int32>, _ differences: UnsafePointer<Double>) {
    let stride = DifferenceBatch.stride(clusters: clusters)
    sums.withLock { sums in
      for (row, cluster) in assigned.enumerated() {
        let start = places[Int(cluster)] * leaves.count
        let row = differences + row * stride
        for (place, leaf) in leaves.enumerated() {
          // A difference is 0 or below.
          let amount = UInt64(min(-row[leaf], Self.mostDifference) * Self.unit + 0.5)
          sums.add(amount, at: start + place)
        }
      }
    }
  }

  /// For each leaf its mean logits, of leaves' columns, less what leaves have there on average, as vectors of which the product
  /// is the correlation: of mean 0, and of length 1, or 0 where they are the same throughout. The sums are gone after that.
  ///
  /// - Parameter counts: The rows of each leaf.
  func directions(counts: [Int]) -> [Double] {
    let count = leaves.count
    return sums.withLock { sums in
      var vectors = [Double](repeating: 0, count: count * count)
      var columnSums = [Double](repeating: 0, count: count)
      for leaf in 0..<count {
        for column in 0..<count {
          let place = leaf * count + column
          vectors[place] = -Double(sums[place]) / (Self.unit * Double(counts[leaf]))
          columnSums[column] += vectors[place]
        }
      }
      sums = WideSums(count: 0)
      for leaf in 0..<count {
        let range = leaf * count..<(leaf + 1) * count
        for (place, columnSum) in zip(range, columnSums) { vectors[place] -= columnSum / Double(count) }
        let mean = vectors[range].reduce(0, +) / Double(count)
        for place in range { vectors[place] -= mean }
        let length = vectors[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
        for place in range { vectors[place] = length > 0 ? vectors[place] / length : 0 }
      }
      return vectors
    }
  }
}

/// Adds up rows' logits: a worker's end of the ``LogitSums``, with the memory that the kernel works in.
final class LogitSumWorker: RowWorker {
  private let sums: LogitSums
  private let known: KnownAssignments
  private let scratch: PageBuffer
  private let assignments: FixedBuffer<Int32>
  private let differences: FixedBuffer<Double>
  /// The most rows in a batch.
  private let capacity: Int

  init(_ sums: LogitSums, clusters: Int, known: KnownAssignments) {
    self.sums = sums
    self.known = known
    capacity = Self.capacity(clusters: clusters)
    scratch = PageBuffer(byteCount: ProcessorKernel.best.differenceScratchByteCount(clusters: clusters))
    assignments = FixedBuffer(repeating: 0, count: capacity)
    differences = FixedBuffer(repeating: 0, count: capacity * DifferenceBatch.stride(clusters: clusters))
  }

  /// As many rows as have 256 KiB of differences, so that these stay in cache.
  private static func capacity(clusters: Int) -> Int { max(1, (1 << 15) / DifferenceBatch.stride(clusters: clusters)) }

  /// What a worker needs beside its block of rows.
  static func byteCount(clusters: Int) -> Int {
    let numbers = capacity(clusters: clusters) * DifferenceBatch.stride(clusters: clusters)
    return numbers * MemoryLayout<Double>.stride + ProcessorKernel.best.differenceScratchByteCount(clusters: clusters)
  }

  func work(on rows: RowSpan) throws -> Int {
    guard let memory = scratch.bytes.baseAddress else { preconditionFailure("a kernel needs memory") }
    var done = 0
    while done < rows.count {
      let count = min(capacity, rows.count - done)
      let worked = ProcessorKernel.best.subtract(
        DifferenceBatch(
          form: rows.form, rows: rows.start + done * rows.rowByteCount, count: count, rowByteCount: rows.rowByteCount,
          scratch: memory, assignments: assignments.start, differences: differences.start))
      let assigned = UnsafeBufferPointer(start: assignments.start, count: worked)
      // A row that was valid when it was scanned is valid now, and in the same cluster.
      guard worked == count, known.agree(with: assigned, from: rows.first + done) else {
        throw BuildError.changedBetweenPasses(locations: [rows.input.location])
      }
      sums.add(assigned, differences.start)
      done += worked
    }
    return done
  }

  func skip(_ rows: Range<Int>, unwritten: Bool) {}

  func finish(_ rows: Range<Int>) {}
}
