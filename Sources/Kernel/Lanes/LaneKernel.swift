import CVectors
import KernelInterface

/// Rows as they lie in memory: up to sixteen, and where the last of those ends that they are among.
struct LaneRows {
  let start: UnsafeRawPointer
  /// From 1 to 16.
  let count: Int
  /// Bytes from one row to the next.
  let byteCount: Int
  /// No byte from here on may be read.
  let end: UnsafeRawPointer
}

/// What happens to rows of few logits: sixteen of them at a time, one a lane, so that maxima and sums take no steps across lanes.
///
/// It gives what ``RowKernel`` gives, to the bit: terms are the same numbers, and their sums depend on no order. A row's results
/// depend on that row only.
struct LaneKernel<Scale: LogitScale>: ~Copyable {
  typealias Value = Scale.Value

  let clusters: Int
  let scale: Scale
  /// How rows come.
  let format: NumberFormat
  let unit: TermUnit
  /// The vectors of a row.
  let vectors: Int
  private let scratch: Scratch
  /// The rows, one after another, padded with `Scale.excluded`.
  let rows: UnsafeMutablePointer<SIMD16<Value>>
  /// The values of each cluster.
  let columns: UnsafeMutablePointer<SIMD16<Value>>
  /// The terms of each cluster, relative to the second largest value; 0 in lanes whose row is assigned to it.
  let terms: UnsafeMutablePointer<SIMD16<Float>>
  /// The two largest values of each row, and their clusters.
  let top: UnsafeMutablePointer<SIMD16<Value>>
  let topClusters: UnsafeMutablePointer<Value.Lanes>
  /// For each of the walk's cuts, the largest value before it and after it, and the sum of terms before it in units, with the bits
  /// of a shifter for each cluster.
  let largestBefore: UnsafeMutablePointer<SIMD16<Value>>
  let largestAfter: UnsafeMutablePointer<SIMD16<Value>>
  let sumsBefore: UnsafeMutablePointer<SIMD16<UInt64>>
  /// Room for what is asked of each lane by itself.
  let largest: UnsafeMutablePointer<SIMD16<Value>>
  let references: UnsafeMutablePointer<SIMD16<Value>>
  let numbers: UnsafeMutablePointer<SIMD16<Double>>
  let doubts: UnsafeMutablePointer<SIMD16<Double>>
  let units: UnsafeMutablePointer<SIMD16<UInt64>>
  let steps: UnsafeMutablePointer<SIMD16<Int32>>
  /// Room for a row that is shorter than a vector, as it was read, so that nothing beyond the rows is touched.
  private let short: UnsafeMutablePointer<SIMD16<Double>>

  static func scratchByteCount(clusters: Int) -> Int {
    let columns = (clusters &+ 15) / 16 &* 16
    return 2 &* Scratch.byteCount(SIMD16<Value>.self, columns) &+ Scratch.byteCount(SIMD16<Float>.self, columns)
      &+ Scratch.byteCount(SIMD16<Value>.self, 2)
      &+ Scratch.byteCount(Value.Lanes.self, 2) &+ 2 &* Scratch.byteCount(SIMD16<Value>.self, clusters &+ 1)
      &+ Scratch.byteCount(SIMD16<UInt64>.self, clusters &+ 1) &+ 2 &* Scratch.byteCount(SIMD16<Value>.self, 1)
      &+ 4 &* Scratch.byteCount(SIMD16<Double>.self, 1) &+ Scratch.byteCount(SIMD16<Int32>.self, 1)
  }

  /// A kernel for rows of `clusters` logits that works in `scratch`.
  init(clusters: Int, scale: Scale, format: NumberFormat, scratch: consuming Scratch) {
    self.clusters = clusters
    self.scale = scale
    self.format = format
    unit = TermUnit(clusters: clusters)
    vectors = (clusters &+ 15) / 16
    rows = scratch.take(SIMD16<Value>.self, 16 &* vectors)
    columns = scratch.take(SIMD16<Value>.self, 16 &* vectors)
    terms = scratch.take(SIMD16<Float>.self, 16 &* vectors)
    top = scratch.take(SIMD16<Value>.self, 2)
    topClusters = scratch.take(Value.Lanes.self, 2)
    largestBefore = scratch.take(SIMD16<Value>.self, clusters &+ 1)
    largestAfter = scratch.take(SIMD16<Value>.self, clusters &+ 1)
    sumsBefore = scratch.take(SIMD16<UInt64>.self, clusters &+ 1)
    largest = scratch.take(SIMD16<Value>.self, 1)
    references = scratch.take(SIMD16<Value>.self, 1)
    numbers = scratch.take(SIMD16<Double>.self, 1)
    doubts = scratch.take(SIMD16<Double>.self, 1)
    units = scratch.take(SIMD16<UInt64>.self, 1)
    short = scratch.take(SIMD16<Double>.self, 1)
    steps = scratch.take(SIMD16<Int32>.self, 1)
    self.scratch = scratch
    short[0] = SIMD16(repeating: 0)
    largestBefore[0] = Value.repeated(Scale.excluded)
    sumsBefore[0] = SIMD16(repeating: 0)
  }

  /// Decodes rows and turns them over. Lanes after the last row have that once more.
  func load(_ given: LaneRows) {
    var lane = 0
    while lane < 16 {
      let number = lane < given.count ? lane : given.count &- 1
      Value.decode(
        RowPlace(start: given.start + number &* given.byteCount, end: given.end), format, count: clusters,
        padding: Scale.excluded, short: short, to: rows + lane &* vectors)
      lane &+= 1
    }
    var vector = 0
    while vector < vectors {
      Value.transpose(rows + vector, stride: vectors, to: columns + 16 &* vector)
      vector &+= 1
    }
  }
}

/// A row in memory.
struct RowPlace {
  let start: UnsafeRawPointer
  /// No byte from here on may be read.
  let end: UnsafeRawPointer

  /// Decodes the row's `count` numbers into whole vectors.
  ///
  /// - Parameters:
  ///   - padding: What comes after the last of them.
  ///   - short: Room for a vector of numbers as they are read.
  @inline(never)
  func decode<Decoder: ElementDecoder>(
    _: Decoder.Type, count: Int, padding: Decoder.Value, short: UnsafeMutableRawPointer,
    to row: UnsafeMutablePointer<SIMD16<Decoder.Value>>
  ) where Decoder.Value: KernelValue {
    let complete = count / 16
    let rest = count & 15
    var index = 0
    while index < complete {
      row[index] = Decoder.load16(start + index &* 16 &* Decoder.stride)
      index &+= 1
    }
    guard rest > 0 else { return }
    var tail = start + complete &* 16 &* Decoder.stride
    if end - tail < 16 &* Decoder.stride {
      short.copyMemory(from: tail, byteCount: rest &* Decoder.stride)
      tail = UnsafeRawPointer(short)
    }
    let others = ~(UInt16(truncatingIfNeeded: 1 &<< rest) &- 1)
    row[complete] = Decoder.Value.replacing(Decoder.load16(tail), lanes: others, with: padding)
  }
}
