/// Reads a tree in Newick format, as programs for phylogenies write it.
///
/// It reads the whole grammar (J. Felsenstein, "The Newick tree format",
/// https://phylipweb.github.io/phylip/newicktree.html). Labels may be in quotes, in which '' is a quote, or without, in
/// which an underscore is a blank. Any node may have a label, a branch length, and any number of children. Comments in
/// brackets, blanks and line ends (those of ASCII) may be between.
struct NewickReader {
  private let path: String
  /// The text in UTF-8.
  private let bytes: [UInt8]
  private var index = 0
  private var parents: [Int] = []
  private var labels: [String] = []
  /// The length of the branch above each node; nil if it is not given.
  private var lengths: [Double?] = []
  /// The nodes whose children are being read, each with the position of its opening bracket.
  private var open: [(node: Int, bracket: Int)] = []

  /// The tree in a file, which must be the only one in it.
  ///
  /// If all branches have lengths and all leaves are equally far from the root, heights are distances from the leaves.
  /// Otherwise nodes of equal depth have equal heights.
  ///
  /// - Throws: ``EvaluationError/badData(_:location:reason:)`` with the line and column of what is not Newick.
  static func tree(_ text: TextReader) throws(EvaluationError) -> RootedTree {
    var reader = try NewickReader(text)
    try reader.read()
    let tree = RootedTree(depthFirst: reader.parents, labels: reader.labels)
    guard let heights = heights(of: tree, lengths: reader.lengths) else { return tree }
    return RootedTree(depthFirst: reader.parents, labels: reader.labels, heights: heights)
  }

  private init(_ text: TextReader) throws(EvaluationError) {
    path = text.path
    bytes = try text.rest()
    guard let line = firstLineThatIsNotUTF8 else { return }
    throw .notUTF8(path, line: line)
  }

  private var firstLineThatIsNotUTF8: Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    // No byte of a character is a line end, so each line is for itself.
    return bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      .firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
  }
}

extension UInt8 {
  /// Whether this is what Newick takes for a blank: a space, a tab, or an end of a line or page.
  fileprivate var isBlank: Bool { self == 0x20 || 0x09...0x0D ~= self }
}

extension NewickReader {
  private mutating func read() throws(EvaluationError) {
    try readNodes()
    try skipBlanks()
    if index < bytes.count {
      throw error("the tree has ended with its semicolon, but the text goes on; a file must have one tree")
    }
  }

  /// Reads all nodes and the semicolon.
  private mutating func readNodes() throws(EvaluationError) {
    while true {
      try skipBlanks()
      if next == UInt8(ascii: "(") {
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
        case UInt8(ascii: ","):
          guard !open.isEmpty else { throw error("a comma outside all brackets") }
          index += 1
          break following
        case UInt8(ascii: ")"):
          guard let (node, _) = open.popLast() else { throw error("a bracket is closed that was not opened") }
          index += 1
          try readLabel(of: node)
        case UInt8(ascii: ";"):
          if let (_, bracket) = open.last { throw error("this bracket is not closed", at: bracket) }
          index += 1
          return
        case nil:
          if let (_, bracket) = open.last { throw error("this bracket is not closed", at: bracket) }
          throw error("the text ends without a semicolon")
        case .some:
          throw error(
            "'\(character)' where a comma, a closing bracket or a semicolon must be; labels with blanks, quotes or brackets go in single quotes"
          )
        }
      }
    }
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// The character whose first byte is next.
  private var character: String {
    let rest = bytes[index...].dropFirst().prefix { $0 & 0xC0 == 0x80 }
    return String(decoding: bytes[index..<index + 1 + rest.count], as: UTF8.self)
  }

  private mutating func add() -> Int {
    parents.append(open.last?.node ?? 0)
    labels.append("")
    lengths.append(nil)
    return parents.count - 1
  }

  /// Skips blanks, line ends and comments. Comments may be nested.
  private mutating func skipBlanks() throws(EvaluationError) {
    var comments: [Int] = []
    while let byte = next {
      if byte == UInt8(ascii: "[") {
        comments.append(index)
      } else if byte == UInt8(ascii: "]"), !comments.isEmpty {
        comments.removeLast()
      } else if comments.isEmpty, !byte.isBlank {
        return
      }
      index += 1
    }
    if let comment = comments.first { throw error("this comment is not closed", at: comment) }
  }

  /// Reads a node's label and the length of its branch; both may be missing.
  private mutating func readLabel(of node: Int) throws(EvaluationError) {
    try skipBlanks()
    labels[node] = next == Self.quote ? try quotedLabel() : try plainLabel()
    try skipBlanks()
    guard next == UInt8(ascii: ":") else { return }
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
    var label: [UInt8] = []
    while let byte = next {
      index += 1
      if byte == Self.quote {
        guard next == Self.quote else { return String(decoding: label, as: UTF8.self) }
        index += 1
      }
      label.append(byte)
    }
    throw error("this quote is not closed", at: start)
  }

  private mutating func plainLabel() throws(EvaluationError) -> String {
    if next == UInt8(ascii: "\"") {
      throw error("labels are quoted with single quotes in Newick, not with double ones")
    }
    var label: [UInt8] = []
    while let byte = next, !"()[]:;,'".utf8.contains(byte), !byte.isBlank {
      label.append(byte == UInt8(ascii: "_") ? UInt8(ascii: " ") : byte)
      index += 1
    }
    return String(decoding: label, as: UTF8.self)
  }

  private static let quote = UInt8(ascii: "'")

  private func error(_ reason: String, at position: Int? = nil) -> EvaluationError {
    var (line, column) = (1, 1)
    var last: UInt8 = 0
    for byte in bytes[..<min(position ?? index, bytes.count)] {
      if byte == 0x0D || byte == 0x0A && last != 0x0D {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80, byte != 0x0A {
        // The first byte of a character.
        column += 1
      }
      last = byte
    }
    return .badData(path, location: "line \(line), column \(column)", reason: reason)
  }
}

extension NewickReader {
  /// The distances of nodes from the leaves, as ranks; nil if leaves are not equally far from the root, or if a branch
  /// has no length, or one below 0. A node on a branch of length 0 is still below the node above it.
  private static func heights(of tree: RootedTree, lengths: [Double?]) -> [Int]? {
    var distances = [0.0]
    for node in tree.nodes.dropFirst() {
      guard let length = lengths[node], length >= 0 else { return nil }
      distances.append(distances[tree.parents[node]] + length)
    }
    let depth = tree.leaves.reduce(0) { max($0, distances[$1]) }
    // Some programs round lengths to six digits.
    guard depth > 0, tree.leaves.allSatisfy({ depth - distances[$0] <= 1e-6 * depth }) else { return nil }
    // Rounding may make equal sums of lengths differ by this much.
    let tolerance = 1e-9 * depth
    var heights = [Int](repeating: 0, count: tree.nodes.count)
    // For each node, the height of the highest node right below it.
    var below = heights
    var (rank, last) = (0, depth)
    // Nodes come before the nodes above them, whose numbers are smaller.
    for node in tree.innerNodes.sorted(by: { (distances[$0], $0) > (distances[$1], $1) }) {
      if rank == 0 || last - distances[node] > tolerance { (rank, last) = (rank + 1, distances[node]) }
      rank = max(rank, below[node] + 1)
      heights[node] = rank
      below[tree.parents[node]] = max(below[tree.parents[node]], rank)
    }
    return heights
  }
}
