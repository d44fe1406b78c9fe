import FoundationEssentials
import HDF5
import LogitStream

/// A file with a label for each row of a data set, in the order of rows.
///
/// - Integers: a dataset of HDF5 (`FILE`, `FILE:/dataset`) or a `.npy` file, of any dimensions in C order. They are
///   read part by part, so memory does not grow with the rows. A number below 0 means no label; other programs use −1
///   and −100.
/// - Texts: a one-dimensional string dataset of HDF5, a column of CSV (`FILE.csv`, `FILE.csv:column`), or a text file
///   with a line for each row. They are read as a whole; 4 to 8 bytes a row are kept. An empty text means no label. If
///   all texts are integers, they are taken as integers.
///
/// The first bytes of a file tell what it is. CSV is told by the file's name.
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

  /// Whether the labels are integers rather than names.
  package var isOfIntegers: Bool {
    if case .names = column { false } else { true }
  }

  /// Opens a file of labels as it is named on the command line.
  ///
  /// - Throws: ``EvaluationError``, ``LogitStreamError``
  package init(_ specification: String) throws {
    do {
      try self.init(InputSpecification(parsing: specification))
    } catch let error as HDF5Error {
      throw LogitStreamError.library(error)
    }
  }

  private init(_ input: InputSpecification) throws {
    guard FileManager.default.fileExists(atPath: input.file) else { throw EvaluationError.noSuchFile(input.file) }
    if input.file.lowercased().hasSuffix(".csv") {
      let table = try TextTable(TextFile(input.file), keepsBlankRecords: true)
      let column = try Self.column(input.dataset, of: table)
      var texts = TextLabels()
      for row in table.rows { texts.append(row[column][...]) }
      self.init(texts, location: "\(input.file):\(table.header[column])")
    } else if let integers = try NPYIntegers(opening: input.file) {
      guard input.dataset == nil else {
        throw EvaluationError.badData(input.file, location: nil, reason: "is one array, without names")
      }
      self.init(.npy(integers), count: integers.count, location: input.file)
    } else if let file = try Self.hdf5(input.file) {
      let dataset = try HDF5Labels.dataset(input.dataset, in: file)
      let location = LogitInput.location(dataset.file, dataset.path)
      if dataset.elementType == .string {
        var texts = TextLabels()
        for string in try dataset.readStrings() { texts.append(string[...]) }
        self.init(texts, location: location)
      } else {
        let integers = try DatasetIntegers(dataset)
        self.init(.dataset(integers), count: integers.count, location: location)
      }
    } else {
      guard input.dataset == nil else {
        throw EvaluationError.badData(input.file, location: nil, reason: "is text, with a label on each line")
      }
      var texts = TextLabels()
      try TextFile(input.file).forEachLine { texts.append($0) }
      self.init(texts, location: input.file)
    }
  }

  private init(_ integers: IntegerColumn, count: Int, location: String) {
    self.location = location
    self.count = count
    column = .integers(integers)
  }

  private init(_ texts: TextLabels, location: String) {
    self.location = location
    count = texts.count
    column = texts.column
  }

  /// The index of the column with a name; without a name, of the table's only column.
  private static func column(_ name: String?, of table: TextTable) throws(EvaluationError) -> Int {
    let columns = table.header.indices.filter { name == nil || table.header[$0] == name }
    let listed = table.header.joined(separator: ", ")
    guard let column = columns.first else {
      throw .badData(table.path, location: nil, reason: "no column \(name ?? ""); it has \(listed)")
    }
    guard columns.count == 1 else {
      throw .badData(
        table.path, location: nil,
        reason: name == nil
          ? "several columns could be the labels: \(listed); name one, as \(table.path):\(table.header[column])"
          : "several columns are named \(table.header[column])")
    }
    return column
  }

  /// Opens a file; nil if it is not HDF5.
  private static func hdf5(_ path: String) throws(HDF5Error) -> File? {
    do {
      return try File(readOnly: path)
    } catch {
      guard error.isOfOtherFormat else { throw error }
      return nil
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
}
