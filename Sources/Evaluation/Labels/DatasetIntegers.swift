import HDF5
import LogitStream

/// The elements of an integer dataset of HDF5, in C order.
final class DatasetIntegers: Sendable {
  let count: Int
  private let format: IntegerFormat
  private let dataset: Dataset

  /// - Throws: ``LogitStreamError`` if elements are no integers, or if some were never written; the library would read
  ///   fill values for those, which look like labels. HDF5's error.
  init(_ dataset: consuming Dataset) throws {
    let (file, path) = (dataset.file, dataset.path)
    guard let format = IntegerFormat(dataset.elementType) else {
      throw LogitStreamError.notIntegers(file: file, dataset: path, type: dataset.elementType.description)
    }
    count = dataset.shape.reduce(1, *)
    self.format = format
    if let missing = try dataset.missingExternalPart {
      throw LogitStreamError.incomplete(file: file, dataset: path, reason: missing)
    }
    try ChunkCheck.check(dataset)
    guard try Self.isWritten(dataset) else {
      throw LogitStreamError.incomplete(file: file, dataset: path, reason: "not all of it was written")
    }
    self.dataset = dataset
  }

  /// Whether all elements were written. A virtual dataset has no elements of its own, so it is asked for missing parts.
  private static func isWritten(_ dataset: borrowing Dataset) throws(HDF5Error) -> Bool {
    if case .virtual = dataset.layout { return true }
    if case .full = try dataset.allocation { return true }
    return dataset.rowCount == 0
  }

  func values(_ range: Range<Int>) throws(HDF5Error) -> [Int64?] {
    guard !range.isEmpty else { return [] }
    let width = dataset.rowByteCount / format.byteCount
    let rows = range.lowerBound / width..<(range.upperBound - 1) / width + 1
    var bytes = [UInt8](repeating: 0, count: rows.count * dataset.rowByteCount)
    let result = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(HDF5Error) in try dataset.readRows(rows, into: buffer) }
    }
    try result.get()
    let values = format.decode(bytes)
    let first = range.lowerBound - rows.lowerBound * width
    return range.count == values.count ? values : Array(values[first..<first + range.count])
  }
}
