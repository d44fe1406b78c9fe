import CVectors
import KernelInterface

/// Sketches of some rows in memory: logits, clusters, rests and perhaps their errors, each in an array of its own, row after row.
package final class SketchRows: @unchecked Sendable {
  // Safe to share: workers write disjoint rows, and nobody reads before they are done.

  package let format: SketchFormat
  /// The number of rows there is room for.
  package let capacity: Int
  private let memory: PageBuffer
  /// capacity × width logits.
  package let values: UnsafeMutableRawBufferPointer
  /// capacity × width cluster indices.
  package let indices: UnsafeMutableRawBufferPointer
  /// Σ exp(ℓ_c − β) over the clusters not kept, β the smallest logit kept.
  package let rests: UnsafeMutableBufferPointer<Float>
  /// By how much rests may be off; empty in formats without.
  package let restErrors: UnsafeMutableBufferPointer<Float>

  package init(_ format: SketchFormat, capacity: Int) {
    self.format = format
    self.capacity = capacity
    let valueBytes = capacity * format.width * format.valueByteCount
    let indexBytes = capacity * format.width * format.indexByteCount
    let restBytes = capacity * 4
    let errorBytes = format.hasRestErrors ? restBytes : 0
    memory = PageBuffer(byteCount: valueBytes + indexBytes + restBytes + errorBytes + 8)
    values = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<valueBytes])
    indices = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[valueBytes..<valueBytes + indexBytes])
    // Indices of 16 bits may end anywhere; rests begin at a multiple of their size.
    let restsStart = (valueBytes + indexBytes + 3) / 4 * 4
    let errorsStart = restsStart + restBytes
    rests = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[restsStart..<errorsStart])
      .bindMemory(to: Float.self)
    restErrors = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[errorsStart..<errorsStart + errorBytes])
      .bindMemory(to: Float.self)
  }

  /// Where rows lie from `first` on, for the kernel.
  func pointers(_ first: Int, count: Int) -> SketchPointers? {
    precondition(first >= 0 && first + count <= capacity)
    guard let values = values.baseAddress, let indices = indices.baseAddress, let rests = rests.baseAddress else {
      return nil
    }
    return SketchPointers(
      width: format.width, hasWideIndices: format.hasWideIndices,
      values: values + first * format.width * format.valueByteCount,
      indices: indices + first * format.width * format.indexByteCount, rests: rests + first,
      restErrors: format.hasRestErrors ? restErrors.baseAddress.map { $0 + first } : nil)
  }

  /// Copies row `row` of rows of the same format to row `position` here.
  package func copy(_ row: Int, of other: SketchRows, to position: Int) {
    precondition(other.format == format && row < other.capacity && position < capacity)
    let valueBytes = format.width * format.valueByteCount
    let indexBytes = format.width * format.indexByteCount
    UnsafeMutableRawBufferPointer(rebasing: values[(position * valueBytes)...]).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: other.values[(row * valueBytes)..<(row + 1) * valueBytes]))
    UnsafeMutableRawBufferPointer(rebasing: indices[(position * indexBytes)...]).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: other.indices[(row * indexBytes)..<(row + 1) * indexBytes]))
    rests[position] = other.rests[row]
    if format.hasRestErrors { restErrors[position] = other.restErrors[row] }
  }

  /// Copies rows of the same format, in any order, to those here from `position` on.
  package func copy(_ rows: ArraySlice<UInt32>, of other: SketchRows, to position: Int) {
    for (index, row) in rows.enumerated() {
      // They lie anywhere: without this, each would be waited for.
      if index + Self.rowsAhead < rows.count { other.prefetch(Int(rows[rows.startIndex + index + Self.rowsAhead])) }
      copy(Int(row), of: other, to: position + index)
    }
  }

  private static var rowsAhead: Int { 8 }

  /// Has the processor fetch a row.
  private func prefetch(_ row: Int) {
    guard let pointers = pointers(row, count: 1) else { return }
    cvectors_prefetch(pointers.values, format.width * format.valueByteCount)
    cvectors_prefetch(pointers.indices, format.width * format.indexByteCount)
    cvectors_prefetch(pointers.rests, 4)
  }

  /// Whether rows name no clusters but those there are.
  package func indicesAreValid(_ rows: Range<Int>) -> Bool {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= capacity)
    let positions = rows.lowerBound * format.width..<rows.upperBound * format.width
    if format.hasWideIndices {
      return Self.largest(indices.assumingMemoryBound(to: UInt32.self)[positions]) < format.clusters
    }
    return Self.largest(indices.assumingMemoryBound(to: UInt16.self)[positions]) < format.clusters
  }

  /// The largest of some indices; −1 if there are none. Without branches, so that it takes vectors.
  private static func largest(_ indices: Slice<UnsafeMutableBufferPointer<some FixedWidthInteger>>) -> Int {
    guard let first = indices.first else { return -1 }
    return Int(indices.reduce(first) { max($0, $1) })
  }
}
