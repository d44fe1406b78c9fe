/// A few numbers at an address that stays, for the kernel to read and write.
final class FixedBuffer<Element: BitwiseCopyable & Sendable>: Sendable {
  // Who reads and who writes what lies there is for its users to arrange.
  nonisolated(unsafe) let start: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    start = .allocate(capacity: max(1, count))
    for (index, element) in elements.enumerated() { (start + index).initialize(to: element) }
  }

  init(repeating element: Element, count: Int) {
    self.count = count
    start = .allocate(capacity: max(1, count))
    start.initialize(repeating: element, count: count)
  }

  deinit { start.deallocate() }
}
