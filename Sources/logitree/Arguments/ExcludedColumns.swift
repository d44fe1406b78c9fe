import ArgumentParser
import Evaluation
import Files

/// The columns that `--without` names.
struct ExcludedColumns {
  /// In ascending order.
  let columns: [Int]

  /// - Parameters:
  ///   - arguments: Each is a column; or a file with one in each line, or names as `--names` takes them; or several with commas
  ///     between. A column is a name, of all columns that are called so, or a number, or `#` and a number where that is a
  ///     name, too.
  ///   - names: What the columns are called.
  /// - Throws: `ValidationError`, `EvaluationError`, `LogitStreamError`
  init(_ arguments: [String], _ names: [String]) throws {
    let byName = Dictionary(grouping: names.indices, by: { names[$0] })
    var columns: Set<Int> = []
    for argument in arguments {
      for word in try Self.words(argument, isColumn: { Self.columns($0, byName, names.count) != nil }) {
        guard let found = Self.columns(word, byName, names.count) else {
          throw ValidationError(
            "--without: '\(word)' is neither the name of a column nor a number from 0 to \(names.count - 1).")
        }
        columns.formUnion(found)
      }
    }
    guard columns.count < names.count else { throw ValidationError("--without leaves no column.") }
    self.columns = columns.sorted()
  }

  private static func words(_ argument: String, isColumn: (String) -> Bool) throws -> [String] {
    if isColumn(argument) { return [argument] }
    if FileSystem.isThere(argument) { return try NameFile(argument).names }
    return argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  private static func columns(_ word: String, _ byName: [String: [Int]], _ count: Int) -> [Int]? {
    if let named = byName[word] { return named }
    guard let number = Int(word.hasPrefix("#") ? String(word.dropFirst()) : word), (0..<count).contains(number)
    else { return nil }
    return [number]
  }
}
