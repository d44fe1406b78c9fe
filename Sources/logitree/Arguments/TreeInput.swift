import Evaluation
import Files
import Store

/// A tree that is named on the command line: a store, or a file with a tree in it. It is opened, and known what it is.
struct TreeInput {
  let path: String
  private let content: Content

  private enum Content {
    case store(StoredHierarchy)
    case file(TreeFile)
  }

  /// - Parameters:
  ///   - kind: What it is; nil to find out.
  ///   - output: The file that results will be written to, which must be no part of a store.
  init(opening path: String, kind: ReferenceTree.Kind?, output: String?) throws {
    self.path = path
    if kind == .store || kind == nil && FileSystem.isDirectory(path) {
      let store = try Store(path)
      try store.checkOutput(output)
      content = .store(try store.read())
    } else {
      content = .file(try TreeFile(opening: path, kind: kind))
    }
  }

  /// Whether other trees tell which nodes are classes.
  private var isOfEdges: Bool {
    if case .file(let file) = content { file.kind == .edges } else { false }
  }

  /// The trees in several inputs, each with the one it is from: one each, or if it is a taxonomy whose columns are not
  /// nested, one for each column.
  ///
  /// - Parameters:
  ///   - classes: What classes are called, beside what leaves of the trees are.
  ///   - leafNames: The names of linkage matrices' leaves.
  static func trees(
    in inputs: [TreeInput], classes known: [String] = [], leafNames: [String]?
  ) throws -> [[NamedTree]] {
    var trees: [Int: [NamedTree]] = [:]
    var classes = known
    // Edges come last: classes are what other trees have as leaves.
    let order = inputs.indices.filter { !inputs[$0].isOfEdges } + inputs.indices.filter { inputs[$0].isOfEdges }
    for index in order {
      let input = inputs[index]
      switch input.content {
      case .store(let stored):
        trees[index] = [NamedTree(path: input.path, tree: ReferenceTree(stored.hierarchy))]
        classes += stored.hierarchy.clusters.map(\.name)
      case .file(let file):
        let read = try file.trees(classes: classes, leafNames: leafNames)
        if let error = read.notNested {
          Console.note(
            "\(error); so each of its columns is a labelling of its own (if these are two groups, name them apart)")
        }
        for tree in read.trees { MissingValues(tree.missing).remark(in: input.path, for: "no group").map(Console.note) }
        trees[index] = read.trees.map { NamedTree(path: input.path, tree: $0) }
        if !input.isOfEdges { classes += read.trees.flatMap(\.tree.leafNames) }
      }
    }
    return inputs.indices.map { trees[$0] ?? [] }
  }
}

/// A tree, and what it is called.
struct NamedTree {
  /// The store or file.
  let path: String
  let tree: ReferenceTree

  /// "types.csv, column origin": the file, and the column if it is of one.
  var place: String { tree.column.map { "\(path), column \($0)" } ?? path }

  /// "other.nwk (newick)", "types.csv, column origin (taxonomy)"; for a store its path.
  var name: String {
    return tree.kind == .store ? place : "\(place) (\(tree.kind.rawValue))"
  }
}
