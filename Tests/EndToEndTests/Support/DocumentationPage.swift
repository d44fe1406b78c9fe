import Foundation

/// A page of docs/, and the code on it.
struct DocumentationPage {
  let name: String
  private let lines: [Substring]

  init(_ name: String) throws {
    self.name = name
    lines = try String(contentsOfFile: Package.path(name), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The code in the text, between single backticks.
  var codeInText: [String] {
    var isBlock = false
    return lines.flatMap { line -> [String] in
      if line.hasPrefix("```") { isBlock.toggle() }
      return isBlock ? [] : line.matches(of: /`([^`]+)`/).map { String($0.1) }
    }
  }

  /// The blocks of code in a language, in order.
  func blocks(_ language: String) -> [String] {
    var blocks: [String] = []
    var current: [Substring]?
    for line in lines {
      if let block = current {
        if line == "```" {
          blocks.append(block.joined(separator: "\n"))
          current = nil
        } else {
          current?.append(line)
        }
      } else if line == "```\(language)" {
        current = []
      }
    }
    return blocks
  }
}
