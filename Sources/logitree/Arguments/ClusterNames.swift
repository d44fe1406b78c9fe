import Errors
import Evaluation
import Files
import Report

/// Why a file of names can't be used.
enum NamesError: CategorizedError {
  case noSuchFile(String)
  case unreadable(FileError)
  case notUTF8(String)
  case wrongCount(String, found: Int, clusters: Int)
  case emptyName(String, line: Int)

  var category: ErrorCategory {
    switch self {
    case .noSuchFile: .missing
    case .unreadable(let error): error.code?.categoryOfOpening ?? .missing
    case .wrongCount, .notUTF8, .emptyName: .badData
    }
  }

  var description: String {
    switch self {
    case .noSuchFile(let file): "\(file): no such file"
    case .unreadable(let error): "\(error)"
    case .notUTF8(let file): "\(file): is not UTF-8 text"
    case .wrongCount(let file, let found, let clusters):
      "\(file): has \(Text.count(found, "line")), but the logits have \(clusters) clusters; names are a line for each"
    case .emptyName(let file, let line): "\(file): line \(line) is empty, where a cluster's name should be"
    }
  }
}

/// The names of clusters.
enum ClusterNames {
  /// Reads a file that has a name on each line.
  static func read(_ file: String, clusters: Int) throws(NamesError) -> [String] {
    let content: [UInt8]
    do throws(FileError) {
      content = try OpenFile.content(of: file)
    } catch {
      let isThere = error.code != .noSuchFileOrDirectory && error.code != .notDirectory
      throw isThere ? .unreadable(error) : .noSuchFile(file)
    }
    guard var text = String(validating: content, as: UTF8.self) else { throw .notUTF8(file) }
    if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
      $0.withoutOuterBlanks
    }
    if lines.last == "" { lines.removeLast() }
    guard lines.count == clusters else { throw .wrongCount(file, found: lines.count, clusters: clusters) }
    if let empty = lines.firstIndex(of: "") { throw .emptyName(file, line: empty + 1) }
    return lines
  }

  /// The clusters' indices, in place of names.
  static func numbers(clusters: Int) -> [String] { (0..<clusters).map(String.init) }

  /// Names that more than one cluster has.
  static func repeated(_ names: [String]) -> [String] {
    Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
  }
}
