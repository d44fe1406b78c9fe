import Evaluation
import FoundationEssentials
import Report

/// Why a file of names can't be used.
enum NamesError: Error, CustomStringConvertible {
  case unreadable(String, reason: String)
  case notUTF8(String)
  case wrongCount(String, found: Int, clusters: Int)
  case emptyName(String, line: Int)

  var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
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
    guard FileManager.default.fileExists(atPath: file) else { throw .unreadable(file, reason: "no such file") }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .unreadable(file, reason: "can't be read")
    }
    guard var text = String(validating: data, as: UTF8.self) else { throw .notUTF8(file) }
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
