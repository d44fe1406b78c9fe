import Checksums
import Files
import FoundationEssentials
import HDF5
import LogitStream
import Texts

/// A file with a label for each row of a data set, in the order of rows.
///
/// - Integers: a dataset of HDF5 (`FILE`, `FILE:/dataset`) or a `.npy` file, or an array in a `.npz` or `.pt` file, of any dimensions in C order. They are
///   read part by part, so memory does not grow with the rows. A number below 0 means no label; other programs use −1
///   and −100.
/// - Texts: a one-dimensional string dataset of HDF5 or `.npy` file, a column of CSV (`FILE.csv`, `FILE:column`), or a text file or pipe
///   with a line for each row. Of a row 4 to 8 bytes are kept. They are names, or integers (``TextLabels``); an empty text
///   means no label, and so do others that say so (``MissingValue``), unless a cluster is called like that.
///
/// The first bytes of a file tell what it is. CSV is told by the file's name, or by that of a column.
package struct LabelFile: Sendable {
  enum Column: Sendable {
    case integers(IntegerColumn)
    case values([Int64])
    /// For each row, the index of its name, or −1.
    case names([String], codes: [Int32])
  }

  /// The file with the dataset or column, for messages.
  package let location: String
  /// The number of labels.
  package let count: Int
  let column: Column
  /// What was read in a way that another could have been meant.
  package let remarks: Remarks

  /// What people should hear of how labels were read.
  package struct Remarks: Sendable, Equatable {
    /// What separates the fields of a table, if not commas.
    package var separator: String?
    /// Texts that were taken for missing labels, but for the empty one.
    package var missing: [MissingText] = []
    /// Texts that would have been, were they not clusters' names.
    package var namedLikeMissing: [MissingText] = []
    /// Texts that were taken for columns' numbers, and are also clusters' names.
    package var namedColumns: [MissingText] = []
    /// The one text that is no integer, where all others are, so that all were taken for names.
    package var onlyWord: LabelReading.Word?
  }

  /// Whether the labels are integers rather than names.
  package var isOfIntegers: Bool {
    if case .names = column { false } else { true }
  }

  /// Opens a file of labels as it is named on the command line.
  ///
  /// - Parameters:
  ///   - clusterNames: What the clusters are called, which tells what is a name.
  ///   - areNumbers: Whether texts must be numbers, since something else says what these are called.
  ///   - mostRows: How many labels there may be, so that there is an end to a pipe.
  ///
  /// - Throws: ``EvaluationError``, ``LogitStreamError``
  package init(
    _ specification: String, clusterNames: [String], areNumbers: Bool = false, mostRows: Int = .max
  ) throws {
    do {
      try self.init(
        LabelSource(InputSpecification(parsing: specification), mostRows: mostRows), clusterNames, areNumbers)
    } catch let error as HDF5Error {
      throw LogitStreamError.library(error)
    }
  }

  private init(_ source: LabelSource, _ clusterNames: [String], _ areNumbers: Bool) throws {
    location = source.location
    switch source.content {
    case .integers(let integers, let count):
      self.count = count
      column = .integers(integers)
      remarks = Remarks()
    case .texts(let texts, let separator):
      let reading = texts.reading(clusterNames, areNumbers: areNumbers)
      count = texts.count
      column = reading.column
      remarks = Remarks(
        separator: separator, missing: reading.missing, namedLikeMissing: reading.namedLikeMissing,
        namedColumns: reading.namedColumns, onlyWord: reading.onlyWord)
    }
  }

  /// The labels of some rows as integers, which are indices for names. A number below 0 means no label.
  ///
  /// - Throws: ``EvaluationError``, ``LogitStreamError``
  func values(_ rows: Range<Int>) throws -> [Int64] {
    switch column {
    case .values(let values): return Array(values[rows])
    case .names(_, let codes): return codes[rows].map(Int64.init)
    case .integers(let integers):
      let values: [Int64?]
      do {
        values = try integers.values(rows)
      } catch let error as HDF5Error {
        throw LogitStreamError.library(error)
      }
      if let bad = values.firstIndex(of: nil) {
        throw EvaluationError.badData(
          location, location: "row \(rows.lowerBound + bad)", reason: "the label is above 2^63 − 1")
      }
      return values.compactMap(\.self)
    }
  }

  /// The integers of all rows, or numbers that depend on their names alone: rows with the same one belong together.
  ///
  /// - Parameter rows: How many there may be.
  /// - Throws: ``EvaluationError`` if there are others, or a row has none; `LogitStreamError`
  package func blocks(rows: [Int]) throws -> [Int64] {
    guard rows.contains(count) else {
      throw EvaluationError.badData(
        location, location: nil,
        reason: "has \(count) blocks, where each of \(rows[0]) rows needs one")
    }
    var blocks: [Int64] = []
    blocks.reserveCapacity(count)
    if case .names(let names, let codes) = column {
      let numbers = names.map { Self.number(of: $0) }
      for code in codes { blocks.append(code < 0 ? -1 : numbers[Int(code)]) }
    } else {
      let step = 1 << 20
      for start in stride(from: 0, to: count, by: step) {
        blocks += try values(start..<min(start + step, count))
      }
    }
    if let bad = blocks.firstIndex(where: { $0 < 0 }) {
      throw EvaluationError.badData(location, location: "row \(bad)", reason: "has no block")
    }
    return blocks
  }

  /// A number of a name's own, in whatever row it comes first: its bytes' FNV-1a hash of 64 bits, without the highest.
  private static func number(of name: String) -> Int64 { Int64(FNV1a(name).value >> 1) }
}
