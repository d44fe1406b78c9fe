/// A binary tree over named points as SciPy's linkage matrices have it: of other methods than L2H, which knows more of its
/// merges.
///
/// Points are nodes 0..<n, and the t-th join (t from 0) makes node n + t. A single point is a tree without joins.
public struct LinkageTree: Sendable, Equatable {
  public struct Join: Sendable, Equatable {
    /// The two nodes, the smaller first.
    public let first: Int
    public let second: Int
    /// How far they are apart.
    public let height: Double
    /// The points below the new node.
    public let points: Int

    public init(_ first: Int, _ second: Int, height: Double, points: Int) {
      self.first = first
      self.second = second
      self.height = height
      self.points = points
    }
  }

  /// The names of the points, of which there is at least one.
  public let names: [String]
  /// In the order of heights.
  public let joins: [Join]

  /// - Precondition: There is one join less than there are names, and each takes nodes that are there to take.
  public init(names: [String], joins: [Join]) {
    precondition(joins.count == names.count - 1, "a binary tree has one join less than points")
    self.names = names
    self.joins = joins
  }
}

extension LinkageTree {
  /// The tree in Newick format, with a newline at the end.
  ///
  /// A node's height is the distance at which it was joined; a point's is 0. The length of a branch is the difference of
  /// the heights.
  public func newick() -> String {
    enum Task {
      case arrive(Int, above: Double?)
      case write(String)
    }
    func branch(_ height: Double, below above: Double?) -> String { above.map { ":\($0 - height)" } ?? "" }
    var text = ""
    var tasks = [Task.arrive(names.count + joins.count - 1, above: nil)]
    while let task = tasks.popLast() {
      switch task {
      case .write(let piece): text += piece
      case .arrive(let node, let above):
        guard node >= names.count else {
          text += Newick.name(names[node]) + branch(0, below: above)
          continue
        }
        let join = joins[node - names.count]
        text += "("
        tasks += [
          .write(")" + branch(join.height, below: above)), .arrive(join.second, above: join.height), .write(","),
          .arrive(join.first, above: join.height),
        ]
      }
    }
    return text + ";\n"
  }

  /// SciPy's linkage matrix as a NumPy `.npy` file.
  public func npy() -> [UInt8] {
    NPY.header(shape: [joins.count, 4])
      + NPY.bytes(of: joins.flatMap { [Double($0.first), Double($0.second), $0.height, Double($0.points)] })
  }
}
