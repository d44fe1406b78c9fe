import Checksums
import Files
import Synchronization

/// The CRC-32 of a part of a file, as it should be.
struct PartChecksum: Sendable, Equatable {
  let place: Range<Int>
  let checksum: UInt32
  /// What messages call the part.
  let location: String

  /// Parts that were found to be right, with the state of their files.
  private static let known = Mutex<[(state: FileState, part: PartChecksum)]>([])
  private static let mostKnown = 256

  /// Makes sure that a part is what it should be. It is read once as long as its file stays what it is.
  ///
  /// - Throws: ``LogitStreamError/damagedHeader(_:reason:)`` if it is not.
  func check(in path: String) throws(LogitStreamError) {
    let state: FileState
    do { state = try FileState(of: path) } catch { throw .unreadableFile(error) }
    if Self.known.withLock({ known in known.contains { $0.state == state && $0.part == self } }) { return }
    let file = try PlainFile(path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(1 << 20, max(1, place.count)), alignment: 64)
    defer { buffer.deallocate() }
    var found = UInt32(0)
    var next = place.lowerBound
    while next < place.upperBound {
      try LongReading.goOn()
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, place.upperBound - next)])
      try file.read(at: next, into: part)
      found = Checksum.of(UnsafeRawBufferPointer(part), continuing: found)
      next += part.count
    }
    guard found == checksum else { throw .damagedHeader(location, reason: "its checksum is another") }
    Self.known.withLock { known in
      if known.count >= Self.mostKnown { known.removeFirst() }
      known.append((state, self))
    }
  }
}
