/// Reads a tree in Newick format, as programs for phylogenies write it.
///
/// It reads the whole grammar (J. Felsenstein, "The Newick tree format",
/// https://phylipweb.github.io/phylip/newicktree.html). Labels may be in quotes, in which '' is a quote, or without, in
/// which an underscore is a blank. Any node may have a label, a branch length, and any number of children. Comments in
/// brackets, blanks and line ends may be between.
struct NewickReader {
  private let path: String
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var parents: [Int] = []
  private var labels: [String] = []
  /// The length of the branch above each node; nil if it is not given.
  private var lengths: [Double?] = []
  /// The nodes whose children are being read, each with the position of its opening bracket.
  private var open: [(node: Int, bracket: Int)] = []

  /// The tree in a file, which must be the only one in it.
  ///
  /// If branch lengths are given and all leaves are equally far from the root, heights are distances from the leaves.
  /// Otherwise nodes of equal depth have equal heights.
  ///
  /// - Throws: ``EvaluationError/badData(_:location:reason:)`` with the line and column of what is not Newick.
  static func tree(_ file: TextFile) throws(EvaluationError) -> RootedTree {
    var reader = NewickReader(file)
    try reader.read()
    let tree = RootedTree(depthFirst: reader.parents, labels: reader.labels)
    guard let heights = heights(of: tree, lengths: reader.lengths) else { return tree }
    return RootedTree(depthFirst: reader.parents, labels: reader.labels, heights: heights)
  }

  private init(_ file: TextFile) {
    path = file.path
    scalars = Array(file.text.unicodeScalars)
  }
}

extension NewickReader {
  private mutating func read() throws(EvaluationError) {
    try readNodes()
    try skipBlanks()
    if index < scalars.count {
      throw error("the tree has ended with its semicolon, but the text goes on; a file must have one tree")
    }
  }

  /// Reads all nodes and the semicolon.
  private mutating func readNodes() throws(EvaluationError) {
    while true {
      try skipBlanks()
      if next == "(" {
        open.append((add(), index))
        index += 1
        continue
      }
      let leaf = add()
      try readLabel(of: leaf)
      // After a complete node comes a sibling, or the end of the node above.
      following: while true {
        try skipBlanks()
        switch next {
        case ",":
          guard !open.isEmpty else { throw error("a comma outside all brackets") }
          index += 1
          break following
        case ")":
          guard let (node, _) = open.popLast() else { throw error("a bracket is closed that was not opened") }
          index += 1
          try readLabel(of: node)
        case ";":
          if let (_, bracket) = open.last { throw error("this bracket is not closed", at: bracket) }
          index += 1
          return
        case nil:
          if let (_, bracket) = open.last { throw error("this bracket is not closed", at: bracket) }
          throw error("the text ends without a semicolon")
        case .some(let scalar):
          throw error(
            "'\(scalar)' where a comma, a closing bracket or a semicolon must be; labels with blanks, quotes or brackets go in single quotes"
          )
        }
      }
    }
  }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func add() -> Int {
    parents.append(open.last?.node ?? 0)
    labels.append("")
    lengths.append(nil)
    return parents.count - 1
  }

  /// Skips blanks, line ends and comments. Comments may be nested.
  private mutating func skipBlanks() throws(EvaluationError) {
    var comments: [Int] = []
    while let scalar = next {
      if scalar == "[" {
        comments.append(index)
      } else if scalar == "]", !comments.isEmpty {
        comments.removeLast()
      } else if comments.isEmpty, !scalar.properties.isWhitespace {
        return
      }
      index += 1
    }
    if let comment = comments.first { throw error("this comment is not closed", at: comment) }
  }

  /// Reads a node's label and the length of its branch; both may be missing.
  private mutating func readLabel(of node: Int) throws(EvaluationError) {
    try skipBlanks()
    labels[node] = next == "'" ? try quotedLabel() : try plainLabel()
    try skipBlanks()
    guard next == ":" else { return }
    index += 1
    try skipBlanks()
    let start = index
    let text = try plainLabel()
    guard let length = Double(text), length.isFinite else {
      throw error("'\(text)' is no branch length, which is a number", at: start)
    }
    lengths[node] = length
  }

  private mutating func quotedLabel() throws(EvaluationError) -> String {
    let start = index
    index += 1
    var label = String.UnicodeScalarView()
    while let scalar = next {
      index += 1
      if scalar == "'" {
        guard next == "'" else { return String(label) }
        index += 1
      }
      label.append(scalar)
    }
    throw error("this quote is not closed", at: start)
  }

  private mutating func plainLabel() throws(EvaluationError) -> String {
    if next == "\"" { throw error("labels are quoted with single quotes in Newick, not with double ones") }
    var label = String.UnicodeScalarView()
    while let scalar = next, !"()[]:;,'".unicodeScalars.contains(scalar), !scalar.properties.isWhitespace {
      label.append(scalar == "_" ? " " : scalar)
      index += 1
    }
    return String(label)
  }

  private func error(_ reason: String, at position: Int? = nil) -> EvaluationError {
    let before = scalars[..<min(position ?? index, scalars.count)]
    let line = before.count { $0 == "\n" } + 1
    let column = before.count - (before.lastIndex(of: "\n").map { $0 + 1 } ?? 0) + 1
    return .badData(path, location: "line \(line), column \(column)", reason: reason)
  }
}

extension NewickReader {
  /// The distances of nodes from the leaves, as ranks; nil if leaves are not equally far from the root, or if a branch
  /// has no length above 0.
  private static func heights(of tree: RootedTree, lengths: [Double?]) -> [Int]? {
    var distances = [0.0]
    for node in tree.nodes.dropFirst() {
      guard let length = lengths[node], length > 0 else { return nil }
      distances.append(distances[tree.parents[node]] + length)
    }
    let depth = tree.leaves.reduce(0) { max($0, distances[$1]) }
    // Some programs round lengths to six digits.
    guard tree.leaves.allSatisfy({ depth - distances[$0] <= 1e-6 * depth }) else { return nil }
    // Rounding may make equal sums of lengths differ by this much.
    let tolerance = 1e-9 * depth
    var heights = [Int](repeating: 0, count: tree.nodes.count)
    var rank = 0
    var last = depth
    for node in tree.innerNodes.sorted(by: { distances[$0] > distances[$1] }) {
      if rank == 0 || last - distances[node] > tolerance { (rank, last) = (rank + 1, distances[node]) }
      heights[node] = rank
    }
    // Nodes within the tolerance of one another get one rank, even if one lies above the other. Such heights are no
    // heights.
    let areIncreasing = tree.nodes.dropFirst().allSatisfy { heights[$0] < heights[tree.parents[$0]] }
    return areIncreasing ? heights : nil
  }
}
