import Checksums
import HDF5
import LogitsToHierarchy

extension Manifest {
  /// Trees of rows drawn anew, which support is reckoned from.
  package struct Replicates: Sendable, Equatable, Codable {
    var seed: UInt64
    /// The blocks that rows were drawn in; nil if they were drawn one by one.
    var blocks: Blocks?
    /// Files with the trees of replicates 0, 1, …
    var parts: [Part] = []
    /// The clusters whose rows are all drawn together; nil as long as none was made.
    var indivisibleClusters: Int?

    struct Part: Sendable, Equatable, Codable {
      var file: File
      var count: Int
    }

    /// Where blocks are from, and what tells whether they are still the same.
    package struct Blocks: Sendable, Equatable, Codable {
      package var location: String
      package var checksum: UInt32

      package init(location: String, checksum: UInt32) {
        self.location = location
        self.checksum = checksum
      }
    }

    package var count: Int { parts.reduce(0) { $0 + $1.count } }
  }
}

extension Manifest {
  /// Takes over what a state knows of support, if it is of the same rows and the same tree.
  ///
  /// - Returns: Whether it was.
  mutating func takeSupport(from other: Manifest) -> Bool {
    guard segments.map(\.file) == other.segments.map(\.file), segments.map(\.slices) == other.segments.map(\.slices),
      options == other.options, var hierarchy, hierarchy.merges == other.hierarchy?.merges
    else { return false }
    hierarchy.support = other.hierarchy?.support
    self.hierarchy = hierarchy
    replicates = other.replicates
    return true
  }
}

/// Trees of replicates in an HDF5 file. docs/formats.md describes the datasets.
enum ReplicateFile {
  private static let lowest = "/lowest"
  private static let partner = "/partner"
  private static let estimated = "/estimated"
  private static let kept = "/kept"
  /// In place of merges that a tree has not: clusters without rows are in none.
  private static let none = UInt32.max

  /// As many trees as go into a file, so that they fit into memory one file at a time: 16 MiB of them.
  static func mostTrees(clusters: Int) -> Int {
    max(1, (16 << 20) / (max(1, clusters) * MemoryLayout<(Int32, Int32)>.stride))
  }

  /// Writes trees over so many clusters to a new file. Returns what it is meant to hold.
  static func write(_ trees: [ReplicateTree], clusters: Int, to path: String) throws(HDF5Error) -> FileSum {
    let file = try NewFile(path)
    let shape = [trees.count, clusters - 1]
    func column(_ node: ((lowest: Int32, partner: Int32)) -> Int32) -> [UInt32] {
      trees.flatMap { tree in
        tree.merges.map { UInt32(node($0)) } + repeatElement(none, count: clusters - 1 - tree.merges.count)
      }
    }
    try file.write(column(\.lowest), to: lowest, shape: shape)
    try file.write(column(\.partner), to: partner, shape: shape)
    try file.write(trees.map { Int64($0.estimated) }, to: estimated)
    try file.write(trees.map { Int64($0.kept) }, to: kept)
    return try file.close()
  }

  /// Reads trees back; nil if what the file says makes no sense.
  static func read(_ path: String, clusters: Int) throws(HDF5Error) -> [ReplicateTree]? {
    let file = try File(readOnly: path)
    let lowest = try file.dataset(lowest).readNumbers(UInt32.self)
    let partner = try file.dataset(partner).readNumbers(UInt32.self)
    let estimated = try file.dataset(estimated).readNumbers(Int64.self)
    let kept = try file.dataset(kept).readNumbers(Int64.self)
    let width = clusters - 1
    guard lowest.count == partner.count, lowest.count == estimated.count * width, kept.count == estimated.count
    else { return nil }
    var trees: [ReplicateTree] = []
    for (index, estimated) in estimated.enumerated() {
      let places = (index * width..<(index + 1) * width).prefix { lowest[$0] != none }
      var isFree = [Bool](repeating: true, count: clusters)
      for place in places {
        for child in [lowest[place], partner[place]].map(Int.init) {
          guard isFree.indices.contains(child), isFree[child] else { return nil }
          isFree[child] = false
        }
        isFree.append(true)
      }
      trees.append(
        ReplicateTree(
          merges: places.map { (Int32(lowest[$0]), Int32(partner[$0])) }, estimated: Int(estimated),
          kept: Int(kept[index])))
    }
    return trees
  }
}
