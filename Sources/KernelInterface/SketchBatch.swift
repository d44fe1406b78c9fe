/// Sketches of a group's rows, and the addresses for what they tell of each row when the group is masked.
package struct SketchBatch {
  /// Marks a row of which all kept logits are of the group itself.
  package static var unresolved: Int32 { -1 }
  /// Marks a row of which nothing is outside the group.
  package static var nothing: Int32 { -2 }

  package let isDouble: Bool
  package let isProbability: Bool
  package let temperature: Double
  package let clusters: Int
  package let sketches: SketchPointers
  package let count: Int
  package let groupSize: Int
  /// For each cluster, 1 if it is in the group, else 0.
  package let isMember: UnsafePointer<UInt8>

  /// For each row, the cluster that it goes to, or one of the two marks above.
  package let reassigned: UnsafeMutablePointer<Int32>
  /// The bounds of q for rows that go to a cluster, in multiples of 2^-40. They are one unit wider to both sides,
  /// within 0...1, since sums in another order are rounded differently. What other rows have is left as it was.
  package let lower: UnsafeMutablePointer<UInt64>
  package let upper: UnsafeMutablePointer<UInt64>

  package init(
    isDouble: Bool, isProbability: Bool, temperature: Double, clusters: Int, sketches: SketchPointers, count: Int,
    groupSize: Int, isMember: UnsafePointer<UInt8>, reassigned: UnsafeMutablePointer<Int32>,
    lower: UnsafeMutablePointer<UInt64>, upper: UnsafeMutablePointer<UInt64>
  ) {
    self.isDouble = isDouble
    self.isProbability = isProbability
    self.temperature = temperature
    self.clusters = clusters
    self.sketches = sketches
    self.count = count
    self.groupSize = groupSize
    self.isMember = isMember
    self.reassigned = reassigned
    self.lower = lower
    self.upper = upper
  }
}

/// The addresses of rows' sketches. Each row has `width` logits and clusters, and the mass of the rest.
package struct SketchPointers {
  package let width: Int
  package let hasWideIndices: Bool
  package let values: UnsafeMutableRawPointer
  package let indices: UnsafeMutableRawPointer
  package let rests: UnsafeMutablePointer<Float>

  package init(
    width: Int, hasWideIndices: Bool, values: UnsafeMutableRawPointer, indices: UnsafeMutableRawPointer,
    rests: UnsafeMutablePointer<Float>
  ) {
    self.width = width
    self.hasWideIndices = hasWideIndices
    self.values = values
    self.indices = indices
    self.rests = rests
  }
}
