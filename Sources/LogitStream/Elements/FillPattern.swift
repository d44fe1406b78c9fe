/// The bytes of a fill value, to be written again and again.
struct FillPattern: Sendable {
  /// One element.
  let element: [UInt8]

  func write(to buffer: UnsafeMutableRawBufferPointer) {
    guard let first = element.first else { return }
    if element.allSatisfy({ $0 == first }) {
      buffer.initializeMemory(as: UInt8.self, repeating: first)
    } else {
      for start in stride(from: 0, to: buffer.count, by: element.count) {
        UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + element.count]).copyBytes(from: element)
      }
    }
  }
}
