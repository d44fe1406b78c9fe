/// The distances between any two of n points, each once, in the order of SciPy's condensed distance matrices: those from
/// point 0 to 1, 2, …, then those from point 1 to 2, 3, …
public struct CondensedDistances: Sendable, Equatable {
  /// n.
  public let points: Int
  public internal(set) var values: [Double]

  /// All of them are `distance`.
  public init(points: Int, repeating distance: Double) {
    self.points = points
    values = Array(repeating: distance, count: Self.count(points: points))
  }

  public static func count(points: Int) -> Int { points * (points - 1) / 2 }

  /// The bytes that they take.
  public static func byteCount(points: Int) -> Int { count(points: points) * MemoryLayout<Double>.stride }

  /// The distance between two different points, whichever comes first.
  public subscript(first: Int, second: Int) -> Double {
    get { values[index(first, second)] }
    set { values[index(first, second)] = newValue }
  }

  /// Replaces each distance by what is made of it.
  public mutating func replaceEach(_ made: (Double) -> Double) {
    for index in values.indices { values[index] = made(values[index]) }
  }

  /// Where the distance between two points is.
  @inline(__always)
  func index(_ first: Int, _ second: Int) -> Int {
    first < second ? start(first) + second : start(second) + first
  }

  /// What is to be added to a larger point for where its distance to this one is.
  @inline(__always)
  func start(_ point: Int) -> Int { point * (2 * points - point - 1) / 2 - point - 1 }

  /// The distances as a NumPy `.npy` file, of one dimension, as `scipy.cluster.hierarchy.linkage` takes them.
  public func npy() -> [UInt8] { NPY.header(shape: [values.count]) + NPY.bytes(of: values) }
}
