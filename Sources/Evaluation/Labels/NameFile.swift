import Files
import FoundationEssentials
import HDF5
import LogitStream
import Texts

/// A file of names, in the order of what they are for, from 0 on: clusters, or labels that are integers.
///
/// It is a text file or pipe with a line for each name; a one-dimensional dataset of strings of HDF5 (`FILE`,
/// `FILE:/dataset`); a `.npy` file of strings, or such an array in a `.npz` file; or JSON (`FILE.json`, ``NameList``).
package struct NameFile: Sendable {
  /// The file, with the dataset, for messages.
  package let location: String
  package let names: [String]

  /// More names than this are not read if it is not known how many there should be.
  private static let mostNames = 1 << 20

  /// Reads a file.
  ///
  /// - Parameter count: How many names there must be; nil if any number will do. No more are read.
  /// - Throws: ``EvaluationError`` if a name is empty, if there is none, or not as many as there must be;
  ///   ``LogitStreamError``.
  package init(_ specification: String, count: Int? = nil) throws {
    let content: Content
    do {
      content = try Self.content(of: InputSpecification(parsing: specification), most: count ?? Self.mostNames)
    } catch let error as HDF5Error {
      throw LogitStreamError.library(error)
    }
    location = content.location
    names = content.names
    if let count, names.count != count {
      throw EvaluationError.wrongNumberOfNames(location, found: names.count, unit: content.unit, clusters: count)
    }
    guard !names.isEmpty else {
      throw EvaluationError.badData(location, location: nil, reason: "is empty, where names should be")
    }
    if let zero = names.firstIndex(where: { $0.utf8.contains(0) }) {
      throw EvaluationError.zeroByte(location, at: "\(content.unit) \(zero + 1)")
    }
    if let empty = names.firstIndex(of: "") {
      throw EvaluationError.badData(
        location, location: "\(content.unit) \(empty + 1)",
        reason: "is empty, where a name should be; a name has a character at least, be it a blank")
    }
  }

  private struct Content {
    let location: String
    let names: [String]
    /// What a name is in the file: a line, or a name of a list.
    var unit = "name"
  }

  private static func content(of input: InputSpecification, most: Int) throws -> Content {
    if try !FileSystem.isSpecial(input.file) {
      guard FileSystem.isThere(input.file) else { throw EvaluationError.noSuchFile(input.file) }
      if let (column, name) = try NPYColumn.opening(input) {
        guard input.dataset == nil || !name.isEmpty else {
          throw EvaluationError.badData(input.file, location: nil, reason: "is one array, without names")
        }
        let location = LogitInput.location(input.file, name)
        return Content(location: location, names: try names(of: column, location, most))
      }
      if let file = try File.ifHDF5(input.file) {
        let dataset = try HDF5Labels.dataset(input.dataset, in: file, namesOnly: true)
        let location = LogitInput.location(dataset.file, dataset.path)
        guard dataset.elementType == .string else {
          throw EvaluationError.badData(location, location: nil, reason: "holds \(dataset.elementType), no strings")
        }
        guard dataset.rowCount <= most else {
          throw EvaluationError.wrongNumberOfNames(
            location, found: dataset.rowCount, unit: "name", clusters: most)
        }
        try ChunkCheck.check(dataset)
        return Content(location: location, names: try dataset.readStrings())
      }
    }
    guard input.dataset == nil else {
      throw EvaluationError.badData(input.file, location: nil, reason: "is text, with a name on each line")
    }
    // A name has some bytes more in JSON, and there may be other things.
    let bytes = (1 << 24) + (most << 10)
    if input.file.lowercased().hasByteSuffix(".json") {
      return Content(location: input.file, names: try NameList.read(TextReader(input.file, most: bytes)))
    }
    return Content(location: input.file, names: try lines(of: TextReader(input.file, most: bytes), most), unit: "line")
  }

  private static func names(of column: NPYColumn, _ location: String, _ most: Int) throws -> [String] {
    func refusal(_ reason: String) -> EvaluationError { .badData(location, location: nil, reason: reason) }
    switch column {
    case .integers: throw refusal("holds integers, no strings")
    case .other(let type): throw refusal("holds \(type), no strings")
    case .strings(let strings):
      guard strings.count <= most else {
        throw EvaluationError.wrongNumberOfNames(location, found: strings.count, unit: "name", clusters: most)
      }
      var names: [String] = []
      try strings.forEachString { names.append($0) }
      return names
    }
  }

  /// So many lines more than there are names for are counted, for the message.
  private static let mostCounted = 1 << 16

  private static func lines(of reader: TextReader, _ most: Int) throws(EvaluationError) -> [String] {
    var names: [String] = []
    var more = 0
    while more < mostCounted, let line = try reader.nextLine() {
      if names.count < most { names.append(line) } else { more += 1 }
    }
    guard more == 0 else {
      let found = more < mostCounted ? names.count + more : nil
      throw .wrongNumberOfNames(reader.path, found: found, unit: "line", clusters: most)
    }
    return names
  }
}
