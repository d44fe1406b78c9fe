/// The labels of rows, and what they stand for, as the kernel reads them. The caller keeps the memory alive.
package struct LabelTable {
  /// The label of each row; −1 for none.
  package let labels: UnsafePointer<Int32>
  /// The positions in `members` where what each label stands for begins, and where that of the last label ends.
  package let starts: UnsafePointer<Int32>
  /// Clusters, or positions of leaves in the order of a tree.
  package let members: UnsafePointer<Int32>

  package init(labels: UnsafePointer<Int32>, starts: UnsafePointer<Int32>, members: UnsafePointer<Int32>) {
    self.labels = labels
    self.starts = starts
    self.members = members
  }
}
