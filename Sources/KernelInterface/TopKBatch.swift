/// Rows of which the largest logits alone are known, in order, and the addresses for what they tell.
package struct TopKBatch {
  /// Says that nothing is wrong with a row.
  package static var noFault: UInt8 { 0 }
  /// The probabilities of its values sum to more than 1.
  package static var sumAboveOne: UInt8 { 1 }
  /// They sum to less than 1 by more than there can be among clusters that have at most the smallest of them.
  package static var restTooLarge: UInt8 { 2 }
  /// There are fewer values than a sketch keeps, and more than they have.
  package static var tooFewValues: UInt8 { 3 }

  package let isDouble: Bool
  package let isProbability: Bool
  /// K.
  package let clusters: Int
  /// For each row, `stride` values, a multiple of sixteen: those that are known, the largest first, then values that stand
  /// for a probability of 0.
  package let values: UnsafeRawPointer
  package let stride: Int
  /// How many values of each row are known.
  package let known: UnsafePointer<Int32>
  /// Each row's log-sum-exp, by which values are logarithms of probabilities; nil if they are so as they stand.
  package let normalizers: UnsafePointer<Double>?
  /// The values that a sketch keeps; at least two.
  package let width: Int
  package let count: Int

  /// The mass of what each row's sketch does not keep, relative to the smallest value that it does, and by how much that may
  /// be off.
  package let rests: UnsafeMutablePointer<Float>
  package let restErrors: UnsafeMutablePointer<Float>
  /// 1 − g of each row, where g is the predicted probability, and by how much that may be off.
  package let doubts: UnsafeMutablePointer<Double>
  package let doubtErrors: UnsafeMutablePointer<Double>
  /// q of each row if its own cluster is masked, by the rests as they are; 0 if it reassigns nothing.
  package let reassigned: UnsafeMutablePointer<Double>
  /// The sum of the probabilities of each row's values.
  package let sums: UnsafeMutablePointer<Double>
  /// What is wrong with the first row that was not done: one of the above.
  package let fault: UnsafeMutablePointer<UInt8>

  package init(
    isDouble: Bool, isProbability: Bool, clusters: Int, values: UnsafeRawPointer, stride: Int,
    known: UnsafePointer<Int32>, normalizers: UnsafePointer<Double>?, width: Int, count: Int,
    rests: UnsafeMutablePointer<Float>, restErrors: UnsafeMutablePointer<Float>,
    doubts: UnsafeMutablePointer<Double>, doubtErrors: UnsafeMutablePointer<Double>,
    reassigned: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>, fault: UnsafeMutablePointer<UInt8>
  ) {
    self.isDouble = isDouble
    self.isProbability = isProbability
    self.clusters = clusters
    self.values = values
    self.stride = stride
    self.known = known
    self.normalizers = normalizers
    self.width = width
    self.count = count
    self.rests = rests
    self.restErrors = restErrors
    self.doubts = doubts
    self.doubtErrors = doubtErrors
    self.reassigned = reassigned
    self.sums = sums
    self.fault = fault
  }
}
