import KernelInterface

/// What labels stand for, in memory that the kernel reads.
final class LabelBuffers: Sendable {
  private let starts: FixedBuffer<Int32>
  private let members: FixedBuffer<Int32>

  /// - Parameter members: For each label, clusters or positions of leaves.
  init(_ members: [[Int]]) {
    starts = FixedBuffer(members.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.count)) })
    self.members = FixedBuffer(members.flatMap { $0.map { Int32($0) } })
  }

  func table(_ labels: UnsafePointer<Int32>) -> LabelTable {
    LabelTable(labels: labels, starts: starts.start, members: members.start)
  }
}
