import Files
import FoundationEssentials
import HDF5
import LogitStream
import Texts

/// What a file of labels has in it, before it is known what is meant.
struct LabelSource {
  enum Content {
    case integers(IntegerColumn, count: Int)
    /// `separator` is what separates the fields of a table, if not commas.
    case texts(TextLabels, separator: String?)
  }

  /// The file with the dataset or column, for messages.
  let location: String
  let content: Content

  /// A file with more different labels than this does not hold labels, but something else.
  static let mostLabels = 1 << 20

  /// - Throws: ``EvaluationError``, ``LogitStreamError``, HDF5's error.
  init(_ input: InputSpecification, mostRows: Int) throws {
    // A pipe can be read but once, and only from its beginning: it has text. A directory may be one of Zarr.
    if try FileSystem.isSpecial(input.file), !FileSystem.isDirectory(input.file) {
      self = try Self.text(in: input, mostRows: mostRows)
    } else if Self.isTable(input.file) {
      self = try Self.table(in: input.file, column: input.dataset, mostRows: mostRows)
    } else if !FileSystem.isThere(input.file) {
      throw EvaluationError.noSuchFile(input.file)
    } else if let (column, name) = try NPYColumn.opening(input) {
      guard input.dataset == nil || !name.isEmpty else {
        throw EvaluationError.badData(input.file, location: nil, reason: "is one array, without names")
      }
      let location = LogitInput.location(input.file, name)
      self.init(location: location, content: try Self.content(of: column, location, mostRows: mostRows))
    } else if let file = try File.ifHDF5(input.file) {
      self = try Self.dataset(of: file, named: input.dataset, mostRows: mostRows)
    } else {
      self = try Self.text(in: input, mostRows: mostRows)
    }
  }

  private init(location: String, content: Content) {
    self.location = location
    self.content = content
  }

  /// Whether a file's name says that it is a table.
  private static func isTable(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".csv", ".tsv"].contains { name.hasByteSuffix($0) }
  }

  private static func content(of column: NPYColumn, _ path: String, mostRows: Int) throws -> Content {
    switch column {
    case .integers(let integers): return .integers(.npy(integers), count: integers.count)
    case .strings(let strings):
      guard strings.count <= mostRows else { throw tooMany(path, strings.count, mostRows) }
      var texts = TextLabels()
      try strings.forEachString { try texts.append($0, of: path) }
      return .texts(texts, separator: nil)
    case .other(let type): throw LogitStreamError.notIntegers(file: path, dataset: "", type: type)
    }
  }

  private static func dataset(of file: borrowing File, named name: String?, mostRows: Int) throws -> LabelSource {
    let dataset = try HDF5Labels.dataset(name, in: file)
    let location = LogitInput.location(dataset.file, dataset.path)
    guard dataset.elementType == .string else {
      let integers = try DatasetIntegers(dataset)
      return LabelSource(location: location, content: .integers(.dataset(integers), count: integers.count))
    }
    guard dataset.rowCount <= mostRows else { throw Self.tooMany(location, dataset.rowCount, mostRows) }
    var texts = TextLabels()
    try ChunkCheck.check(dataset)
    for string in try dataset.readStrings() { try texts.append(string, of: location) }
    return LabelSource(location: location, content: .texts(texts, separator: nil))
  }

  /// Text with a line for each row; a table, if a column is named.
  private static func text(
    in input: InputSpecification, mostRows: Int
  ) throws(EvaluationError) -> LabelSource {
    guard input.dataset == nil else { return try table(in: input.file, column: input.dataset, mostRows: mostRows) }
    let location = input.file
    var texts = TextLabels()
    let reader = try TextReader(input.file, most: .max)
    while let line = try reader.nextLine() {
      guard texts.count < mostRows else { throw Self.tooMany(location, nil, mostRows) }
      try texts.append(line, of: location)
    }
    return LabelSource(location: location, content: .texts(texts, separator: nil))
  }

  private static func table(
    in path: String, column: String?, mostRows: Int
  ) throws(EvaluationError) -> LabelSource {
    let table = try TableReader(TextReader(path, most: .max))
    let column = try Self.index(of: column, in: table)
    let location = "\(path):\(table.header[column])"
    var texts = TextLabels()
    while let record = try table.next() {
      guard texts.count < mostRows else { throw Self.tooMany(location, nil, mostRows) }
      try texts.append(record.fields[column], of: location)
    }
    return LabelSource(location: location, content: .texts(texts, separator: table.otherSeparator))
  }

  /// The index of the column with a name; without a name, of the table's only column. One without a name in the first place
  /// numbers the rows.
  private static func index(of name: String?, in table: TableReader) throws(EvaluationError) -> Int {
    let header = table.header
    func columns(_ isMeant: (String) -> Bool) -> [Int] { header.indices.filter { isMeant(header[$0]) } }
    var found: [Int]
    if let name {
      found = columns { $0.hasSameBytes(as: name) }
      // People write blanks after commas.
      if found.isEmpty { found = columns { $0.withoutPadding.hasSameBytes(as: name) } }
    } else {
      found = header.count > 1 && header[0].isEmpty ? Array(header.indices.dropFirst()) : Array(header.indices)
    }
    let listed = header.filter { !$0.isEmpty }.joined(separator: ", ")
    guard let column = found.first else {
      throw .badData(table.path, location: nil, reason: "no column \(name ?? ""); it has \(listed)")
    }
    guard found.count == 1 else {
      throw .badData(
        table.path, location: nil,
        reason: name == nil
          ? "several columns could be the labels: \(listed); name one, as \(table.path):\(header[column])"
          : "several columns are named \(header[column])")
    }
    return column
  }

  private static func tooMany(_ location: String, _ found: Int?, _ most: Int) -> EvaluationError {
    .badData(
      location, location: nil,
      reason: "has \(found.map { "\($0) labels" } ?? "more labels than there are rows"), and there are \(most) rows")
  }
}

extension TextLabels {
  fileprivate mutating func append(_ text: String, of location: String) throws(EvaluationError) {
    let known = texts.count
    append(text)
    guard texts.count == known || !text.utf8.contains(0) else { throw .zeroByte(location, at: "row \(count - 1)") }
    guard texts.count <= LabelSource.mostLabels else { throw .tooManyLabels(location) }
  }
}

extension EvaluationError {
  /// A name or label with a zero byte in it: a reader that ends texts there would take two for one.
  static func zeroByte(_ file: String, at location: String) -> EvaluationError {
    .badData(file, location: location, reason: "has a zero byte, which ends texts in many files")
  }

  static func tooManyLabels(_ location: String) -> EvaluationError {
    .badData(location, location: nil, reason: "has more than \(LabelSource.mostLabels) different labels")
  }
}

extension File {
  /// Opens a file; nil if it is not HDF5.
  static func ifHDF5(_ path: String) throws(HDF5Error) -> File? {
    do {
      return try File(readOnly: path)
    } catch {
      guard error.isOfOtherFormat else { throw error }
      return nil
    }
  }
}
