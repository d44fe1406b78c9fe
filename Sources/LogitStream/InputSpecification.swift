import Foundation

/// An input as it is named on the command line: `FILE`, or `FILE:/dataset`.
public struct InputSpecification: Sendable, Hashable {
  public let file: String
  /// The dataset's path, beginning with "/"; nil where it is to be found.
  public let dataset: String?

  public init(file: String, dataset: String? = nil) {
    self.file = file
    self.dataset = dataset.map { $0.hasPrefix("/") ? $0 : "/" + $0 }
  }

  /// Reads `FILE` or `FILE:/dataset`. A file that is named like the whole of it wins.
  public init(parsing text: String) {
    if !FileManager.default.fileExists(atPath: text), let colon = text.range(of: ":/", options: .backwards) {
      self.init(file: String(text[..<colon.lowerBound]), dataset: String(text[text.index(after: colon.lowerBound)...]))
    } else {
      self.init(file: text)
    }
  }
}
