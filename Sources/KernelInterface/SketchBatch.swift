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
  /// By how many multiples of 2^-40 bounds are wider to both sides than sketches say: by one, since sums in another order are
  /// rounded differently, or by none.
  package let widening: UInt64
  /// Whether values were rounded when they were stored, as the log-probabilities of a top-k dump. Bounds are as wide then as
  /// that takes, if they are wider at all.
  package let hasRoundedValues: Bool

  /// The bounds of q for rows that go to a cluster, in multiples of 2^-40, within 0...1. What other rows have is left as it
  /// was.
  package let lower: UnsafeMutablePointer<UInt64>
  package let upper: UnsafeMutablePointer<UInt64>

  package init(
    isDouble: Bool, isProbability: Bool, temperature: Double, clusters: Int, sketches: SketchPointers, count: Int,
    groupSize: Int, isMember: UnsafePointer<UInt8>, widening: UInt64, hasRoundedValues: Bool,
    reassigned: UnsafeMutablePointer<Int32>, lower: UnsafeMutablePointer<UInt64>, upper: UnsafeMutablePointer<UInt64>
  ) {
    self.isDouble = isDouble
    self.isProbability = isProbability
    self.temperature = temperature
    self.clusters = clusters
    self.sketches = sketches
    self.count = count
    self.groupSize = groupSize
    self.isMember = isMember
    self.widening = widening
    self.hasRoundedValues = hasRoundedValues
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
  /// By how much each row's rest may be off; nil where it was added up, and is not.
  package let restErrors: UnsafeMutablePointer<Float>?

  package init(
    width: Int, hasWideIndices: Bool, values: UnsafeMutableRawPointer, indices: UnsafeMutableRawPointer,
    rests: UnsafeMutablePointer<Float>, restErrors: UnsafeMutablePointer<Float>? = nil
  ) {
    self.width = width
    self.hasWideIndices = hasWideIndices
    self.values = values
    self.indices = indices
    self.rests = rests
    self.restErrors = restErrors
  }
}
