import LogitStream
import Texts

/// Names in JSON: a list, or an object that has one for each number from 0 on. The object may be what another has as
/// `id2label`, as in the config.json of a model of Hugging Face's.
///
///     ["cat", "dog"]
///     {"0": "cat", "1": "dog"}
///     {"id2label": {"0": "cat", "1": "dog"}, …}
enum NameList {
  /// - Throws: ``EvaluationError``
  static func read(_ reader: TextReader) throws(EvaluationError) -> [String] {
    var scanner = JSONScanner(try reader.rest())
    let content: Content
    do throws(JSONScanner.Failure) {
      content = try Content(&scanner)
      try scanner.end()
    } catch {
      throw .badData(
        reader.path, location: nil,
        reason: "is no JSON with a list of names, or with id2label: \(error.description)")
    }
    switch content {
    case .list(let names): return names
    case .numbered(let members): return try names(members, reader.path)
    }
  }

  private typealias Member = (key: String, name: String)

  private enum Content {
    case list([String])
    /// Names with the texts of their numbers.
    case numbered([Member])

    init(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
      guard scanner.isNext("[") else {
        self = .numbered(try Self.members(&scanner))
        return
      }
      var names: [String] = []
      try scanner.array { scanner throws(JSONScanner.Failure) in names.append(try scanner.text()) }
      self = .list(names)
    }

    /// What `id2label` has, or the object itself if it has no such key.
    private static func members(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> [Member] {
      var own: [Member] = []
      var labels: [Member]?
      var other: JSONScanner.Failure?
      try scanner.object { scanner, key throws(JSONScanner.Failure) in
        if key.hasSameBytes(as: "id2label") {
          guard labels == nil else { throw scanner.failure("id2label is there twice") }
          var found: [Member] = []
          try scanner.object { scanner, key throws(JSONScanner.Failure) in found.append((key, try scanner.text())) }
          labels = found
        } else if scanner.isNext("\"") {
          own.append((key, try scanner.text()))
        } else {
          other = other ?? scanner.failure("\(key) has no name")
          try scanner.anyValue()
        }
      }
      if let labels { return labels }
      if let other { throw other }
      return own
    }
  }

  /// The names in order of their numbers, which are all those from 0 on.
  private static func names(_ members: [Member], _ path: String) throws(EvaluationError) -> [String] {
    var names = [String?](repeating: nil, count: members.count)
    for (key, name) in members {
      guard let number = number(key), names.indices.contains(number) else {
        throw .badData(
          path, location: nil,
          reason: "the names of an object have the numbers from 0 to \(names.count - 1), and '\(key)' is none")
      }
      guard names[number] == nil else {
        throw .badData(path, location: nil, reason: "the number '\(key)' is there twice")
      }
      names[number] = name
    }
    return names.compactMap(\.self)
  }

  /// The number that a key is: digits, without zeros before them.
  private static func number(_ key: String) -> Int? {
    guard let number = Int(key), String(number).hasSameBytes(as: key) else { return nil }
    return number
  }
}
