/// A few numbers at an address that stays, for the kernel to read and write.
package final class FixedBuffer<Element: BitwiseCopyable & Sendable>: Sendable {
  // Who reads and who writes what lies there is for its users to arrange.
  package nonisolated(unsafe) let start: UnsafeMutablePointer<Element>
  package let count: Int

  package init(_ elements: [Element]) {
    count = elements.count
    start = .allocate(capacity: max(1, count))
    for (index, element) in elements.enumerated() { (start + index).initialize(to: element) }
  }

  package init(repeating element: Element, count: Int) {
    self.count = count
    start = .allocate(capacity: max(1, count))
    start.initialize(repeating: element, count: count)
  }

  deinit { start.deallocate() }
}
