import CExplorerPage
import Hierarchy

/// A web page to explore a hierarchy in. It is one file, which needs no network and no other files.
///
///     let page = ExplorerPage(hierarchy, run: .init(store: "my.logitree", rows: 50_000, skippedRows: 0, score: "sum"))
///     try page.html()
///
/// The page is the template `Page/explorer.html`, filled with the style and scripts beside it and with the hierarchy as
/// JSON. Template, style and scripts are compiled into the program. Nothing in the page depends on when or where it is
/// made.
package struct ExplorerPage: Sendable {
  /// What the hierarchy was made from.
  package struct Run: Sendable, Encodable {
    /// The store's name: the page's title.
    package let store: String
    package let rows: Int
    package let skippedRows: Int
    /// How scores were made: `sum-of-means`, `sum`, `mean`.
    package let score: String

    package init(store: String, rows: Int, skippedRows: Int, score: String) {
      self.store = store
      self.rows = rows
      self.skippedRows = skippedRows
      self.score = score
    }
  }

  /// Another tree to show beside this one.
  package struct Beside: Sendable {
    let store: String
    let hierarchy: ClusterHierarchy

    /// - Parameter store: The name of the store it is in.
    package init(store: String, hierarchy: ClusterHierarchy) {
      self.store = store
      self.hierarchy = hierarchy
    }
  }

  let hierarchy: ClusterHierarchy
  let run: Run
  let affinity: AffinityMap?
  let figures: [Figures]
  let heights: HeightScale
  let levels: Levels?
  let annotations: [ClusterAnnotation]
  let numberForm: NumberForm
  let confusion: Confusion?
  let beside: Beside?
  let strange: [StrangeCluster]

  /// - Parameters:
  ///   - affinity: The matrix to show as a heat map; without it the page has none.
  ///   - figures: The results of evaluating the hierarchy, for each labelling.
  ///   - heights: What the places of nodes on the horizontal axis stand for.
  ///   - levels: What the tree is like at every number of groups; without it the page has no curve of levels.
  ///   - annotations: What is shown beside the tree.
  ///   - numberForm: How numbers of these are shown at first.
  ///   - confusion: What classes are confused with, and groups; without it the page does not say so.
  ///   - strange: The clusters that sit farthest from their siblings in a taxonomy, the farthest first.
  ///   - beside: Another tree, with which it can be compared; without it there is no such view.
  package init(
    _ hierarchy: ClusterHierarchy, run: Run, affinity: AffinityMap? = nil, figures: [Figures] = [],
    heights: HeightScale = .step, levels: Levels? = nil, annotations: [ClusterAnnotation] = [],
    numberForm: NumberForm = .colours, confusion: Confusion? = nil, strange: [StrangeCluster] = [],
    beside: Beside? = nil
  ) {
    self.hierarchy = hierarchy
    self.run = run
    self.affinity = affinity
    self.figures = figures
    self.heights = heights
    self.levels = levels
    self.annotations = annotations
    self.numberForm = numberForm
    self.confusion = confusion
    self.beside = beside
    self.strange = strange
  }

  /// The page.
  ///
  /// - Throws: What the JSON encoder throws.
  package func html() throws -> String {
    let parts = [
      "title": Self.escaped(Text.visible(run.store)), "style": String(cString: explorer_style),
      "script": String(cString: explorer_script), "levels": levels.map { LevelPanel($0).html } ?? "",
      "data": try json(),
    ]
    // Marks are searched for in the template only, never in the text that replaces them.
    var page = ""
    for (index, section) in String(cString: explorer_document).split(
      separator: "{{", omittingEmptySubsequences: false
    )
    .enumerated() {
      guard index > 0, let end = section.firstRange(of: "}}"), let part = parts[String(section[..<end.lowerBound])]
      else {
        page += section
        continue
      }
      page += part + section[end.upperBound...]
    }
    return page
  }

  /// Text escaped for HTML.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
