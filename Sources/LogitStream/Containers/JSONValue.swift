import Texts

/// A value of JSON, of which nothing is dropped: no object has a key twice.
enum JSONValue {
  case object([(key: String, value: JSONValue)])
  case array([JSONValue])
  case text(String)
  /// A number, true, false or null, as it is written.
  case word(String)

  /// Reads a value.
  ///
  /// - Parameter depth: How many objects and arrays may stand in one another.
  init(_ scanner: inout JSONScanner, depth: Int = 64) throws(JSONScanner.Failure) {
    guard depth > 0 else { throw scanner.failure("values stand in one another too deeply") }
    if scanner.isNext("{") {
      var members: [(key: String, value: JSONValue)] = []
      var keys: Set<ByteText> = []
      try scanner.object { scanner, key throws(JSONScanner.Failure) in
        guard keys.insert(ByteText(key)).inserted else { throw scanner.failure("the key \(key) is there twice") }
        members.append((key, try JSONValue(&scanner, depth: depth - 1)))
      }
      self = .object(members)
    } else if scanner.isNext("[") {
      var elements: [JSONValue] = []
      try scanner.array { scanner throws(JSONScanner.Failure) in
        elements.append(try JSONValue(&scanner, depth: depth - 1))
      }
      self = .array(elements)
    } else if scanner.isNext("\"") {
      self = .text(try scanner.text())
    } else {
      self = .word(try scanner.word())
    }
  }

  /// The member of an object; nil if there is none, or it is null.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self, let found = members.first(where: { $0.key.hasSameBytes(as: key) })?.value,
      !found.isNull
    else { return nil }
    return found
  }

  var isNull: Bool { if case .word("null") = self { true } else { false } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  var integer: Int? { if case .word(let word) = self { Int(word) } else { nil } }

  /// Integers from 0 on.
  var lengths: [Int]? {
    guard let elements else { return nil }
    let lengths = elements.compactMap(\.integer)
    return lengths.count == elements.count && lengths.allSatisfy { $0 >= 0 } ? lengths : nil
  }
}
