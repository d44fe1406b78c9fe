import FoundationEssentials

/// Names in JSON: a list, or an object that has one for each number from 0 on. The object may be what another has as
/// `id2label`, as in the config.json of a model of Hugging Face's.
///
///     ["cat", "dog"]
///     {"0": "cat", "1": "dog"}
///     {"id2label": {"0": "cat", "1": "dog"}, …}
enum NameList {
  /// - Throws: ``EvaluationError``
  static func read(_ reader: TextReader) throws(EvaluationError) -> [String] {
    let bytes = try reader.rest()
    do {
      return try JSONDecoder().decode(Content.self, from: Data(bytes)).names
    } catch let error as ContentError {
      throw .badData(reader.path, location: nil, reason: error.reason)
    } catch {
      throw .badData(reader.path, location: nil, reason: "is no JSON with a list of names, or with id2label")
    }
  }

  private struct ContentError: Error { let reason: String }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { Int(stringValue) }

    init(stringValue: String) { self.stringValue = stringValue }
    init(intValue: Int) { stringValue = String(intValue) }
  }

  private struct Content: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
      if var list = try? decoder.unkeyedContainer() {
        var names: [String] = []
        while !list.isAtEnd { names.append(try list.decode(String.self)) }
        self.names = names
        return
      }
      let object = try decoder.container(keyedBy: Key.self)
      let label = Key(stringValue: "id2label")
      names = try Self.names(object.contains(label) ? object.nestedContainer(keyedBy: Key.self, forKey: label) : object)
    }

    /// The names of an object whose keys are the numbers from 0 on.
    private static func names(_ object: KeyedDecodingContainer<Key>) throws -> [String] {
      var names = [String?](repeating: nil, count: object.allKeys.count)
      for key in object.allKeys {
        guard let number = key.intValue, names.indices.contains(number), names[number] == nil else {
          throw ContentError(
            reason:
              "the names of an object have the numbers from 0 to \(names.count - 1), and '\(key.stringValue)' is none")
        }
        names[number] = try object.decode(String.self, forKey: key)
      }
      return names.compactMap(\.self)
    }
  }
}
