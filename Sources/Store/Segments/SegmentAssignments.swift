import HDF5

/// The cluster of each row of a segment, in its file.
struct SegmentAssignments: ~Copyable {
  private let dataset: Dataset
  private let clusters: Int
  private let path: String

  /// - Throws: ``StoreError/damaged(_:reason:)`` if the file does not have them of so many rows.
  init(_ path: String, rows: Int, clusters: Int) throws(StoreError) {
    let dataset = try Self.dataset(path)
    guard dataset.shape == [rows] else {
      throw .damaged(path, reason: "its assignments are of shape \(dataset.shape) instead of \(rows)")
    }
    self.dataset = dataset
    self.clusters = clusters
    self.path = path
  }

  private static func dataset(_ path: String) throws(StoreError) -> Dataset {
    do throws(HDF5Error) {
      return try File(readOnly: path).dataset(SegmentFile.assignments)
    } catch {
      throw StoreError(reading: path, error)
    }
  }

  /// The clusters of some rows, −1 for rows left out.
  ///
  /// - Throws: ``StoreError/damaged(_:reason:)``, ``StoreError/cannotRead(_:_:)``
  func read(_ rows: Range<Int>) throws(StoreError) -> [Int32] {
    switch dataset.elementByteCount {
    case 1: try decoded(numbers(UInt8.self, rows))
    case 2: try decoded(numbers(UInt16.self, rows))
    default: try decoded(numbers(UInt32.self, rows))
    }
  }

  /// Gives the clusters of some rows part by part, each with the place of its first row.
  ///
  /// - Throws: ``StoreError``, and what `body` throws.
  func forEachPart(of rows: Range<Int>, _ body: (_ first: Int, _ clusters: [Int32]) throws -> Void) throws {
    for part in parts(of: rows) { try body(part.lowerBound, read(part)) }
  }

  /// Some rows in parts that are small enough for memory.
  func parts(of rows: Range<Int>) -> [Range<Int>] {
    stride(from: rows.lowerBound, to: rows.upperBound, by: Self.partRows).map {
      $0..<min($0 + Self.partRows, rows.upperBound)
    }
  }

  private static var partRows: Int { 1 << 18 }

  private func numbers<Number: StoredNumber>(_ type: Number.Type, _ rows: Range<Int>) throws(StoreError) -> [Number] {
    do throws(HDF5Error) {
      return try dataset.readNumbers(type, rows: rows)
    } catch {
      throw StoreError(reading: path, error)
    }
  }

  private func decoded(_ stored: [some UnsignedInteger]) throws(StoreError) -> [Int32] {
    guard (stored.max() ?? 0) <= clusters else {
      throw .damaged(path, reason: "a row is assigned to a cluster that is not there")
    }
    return stored.map { $0 == clusters ? -1 : Int32($0) }
  }
}
