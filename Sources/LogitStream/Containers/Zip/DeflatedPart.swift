import Checksums
import Files
import Synchronization

/// A part of a file that is compressed as one stream of deflate.
package struct DeflatedPart: Sendable, Equatable {
  /// Where it is in the file.
  let place: Range<Int>
  /// The number of bytes, inflated, and their CRC-32.
  let byteCount: Int
  let checksum: UInt32
  /// What messages call it.
  let location: String
}

/// The first bytes of a part that is deflated, as if it were a file.
struct DeflatedHead: ByteReading {
  let path: String
  let location: String
  let byteCount: Int
  private let bytes: [UInt8]

  /// As many bytes as a header has at most.
  private static let mostBytes = 128 << 10

  init(_ part: DeflatedPart, of file: PlainFile) throws(LogitStreamError) {
    path = file.path
    location = part.location
    byteCount = part.byteCount
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(byteCount, Self.mostBytes), alignment: 64)
    defer { buffer.deallocate() }
    let source = FilePart(file: file, offset: part.place.lowerBound, byteCount: part.place.count, location: location)
    let count = try Inflation().next(buffer, of: source)
    bytes = [UInt8](buffer[..<count])
  }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError) {
    guard offset + buffer.count <= bytes.count else {
      throw .endsEarly(location, needed: offset + buffer.count, found: bytes.count)
    }
    buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
  }
}

/// The bytes that come out of a part that is deflated, read at any place.
///
/// Such a stream can only be followed from its beginning. So it is followed once, to its end: that checks its length and its
/// checksum, and leaves the state of the stream at a few places, evenly spaced. From there any thread goes on by itself. Where a
/// row lies in pieces all over the stream, that would be done again for each: then what comes out is kept in a file.
final class InflatedBytes: ByteReading {
  let path: String
  let location: String
  let byteCount: Int
  private let source: FilePart
  private let stops: [Inflation]
  /// What came out of the stream; nil if it is inflated again where it is read.
  private let content: SpoolFile?
  /// Streams that stand where somebody stopped reading: the next to read mostly goes on there.
  private let idle = Mutex<[Inflation]>([])

  private static let mostStops = 64
  private static let leastSpacing = 1 << 20
  private static let mostIdle = 8

  /// What the stops, and streams that are idle, take in memory.
  static let memoryByteCount = (mostStops + mostIdle) * Inflation.byteCount

  /// The rows from one stop to the next, for an array with rows of some size in so many bytes.
  static func rows(between stops: Int, rowByteCount: Int) -> Int {
    max(1, max(leastSpacing, (stops - 1) / mostStops + 1) / max(1, rowByteCount))
  }

  /// Follows the stream.
  ///
  /// - Parameters:
  ///   - offset: Where the first stop is to be.
  ///   - spacing: How far the next ones are to be from one another; more, if they would be too many.
  ///   - content: Takes what comes out, if it is to be kept.
  /// - Throws: ``LogitStreamError`` if it is damaged, or its checksum is wrong;
  ///   ``LogitStreamError/noRoomForContent(_:byteCount:error:)``.
  private init(
    _ part: DeflatedPart, of file: PlainFile, offset: Int, spacing: Int, keepingIn content: SpoolFile?
  ) throws(LogitStreamError) {
    (path, location, byteCount) = (file.path, part.location, part.byteCount)
    self.content = content
    source = FilePart(file: file, offset: part.place.lowerBound, byteCount: part.place.count, location: location)
    func damaged(_ reason: String) -> LogitStreamError { .damagedHeader(part.location, reason: reason) }
    let factor = max(1, ((part.byteCount - offset) / max(1, spacing)) / (Self.mostStops - 1) + 1)
    let spacing = max(1, spacing * factor)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
    defer { buffer.deallocate() }
    let stream = try Inflation()
    var stops = [Inflation(copying: stream)]
    var nextStop = offset
    var checksum = UInt32(0)
    while !stream.isAtEnd {
      try LongReading.goOn()
      if stream.position == nextStop {
        if nextStop > 0, content == nil { stops.append(Inflation(copying: stream)) }
        nextStop += spacing
      }
      let room = min(buffer.count, nextStop - stream.position)
      let count = try stream.next(UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]), of: source)
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      checksum = Checksum.of(bytes, continuing: checksum)
      guard stream.position <= byteCount else { throw damaged("more than \(byteCount) bytes come out of it") }
      do throws(FileError) {
        try content?.write(bytes, at: stream.position - count)
      } catch {
        throw .noRoomForContent(location, byteCount: byteCount, error: error)
      }
    }
    guard stream.position == byteCount else {
      throw damaged("\(stream.position) bytes come out of it, where there should be \(byteCount)")
    }
    guard stream.usedByteCount == part.place.count else {
      throw damaged("\(part.place.count - stream.usedByteCount) bytes follow what was compressed")
    }
    guard checksum == part.checksum else { throw damaged("its checksum is another") }
    self.stops = stops
  }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError) {
    let end = offset + buffer.count
    guard end <= byteCount else { throw .endsEarly(location, needed: end, found: byteCount) }
    guard !buffer.isEmpty else { return }
    if let content {
      do { try content.read(at: offset, into: buffer) } catch { throw .inputOutput(error) }
      return
    }
    let stream = stream(before: offset)
    // What lies before is passed through the buffer.
    while stream.position < offset {
      try LongReading.goOn()
      let room = min(buffer.count, offset - stream.position)
      guard try stream.next(UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]), of: source) > 0 else { break }
    }
    guard try stream.next(buffer, of: source) == buffer.count else {
      throw .endsEarly(location, needed: end, found: stream.position)
    }
    idle.withLock { idle in
      if idle.count >= Self.mostIdle { idle.removeFirst() }
      idle.append(stream)
    }
  }

  /// A stream that stands at or before an offset, as near as there is one.
  private func stream(before offset: Int) -> Inflation {
    let stop = stops.last { $0.position <= offset } ?? stops[0]
    let found = idle.withLock { idle -> Inflation? in
      let near = idle.indices.filter { (stop.position...offset).contains(idle[$0].position) }
      return near.max { idle[$0].position < idle[$1].position }.map { idle.remove(at: $0) }
    }
    return found ?? Inflation(copying: stop)
  }
}

extension InflatedBytes {
  /// Those that were followed last, by the state of their files.
  private static let known = Mutex<[(state: FileState, part: DeflatedPart, bytes: InflatedBytes)]>([])
  private static let mostKnown = 8

  /// The bytes of a part, which is followed unless it was before and its file is what it was.
  ///
  /// - Parameter isScattered: Whether rows lie in pieces all over it.
  static func of(
    _ part: DeflatedPart, in path: String, offset: Int, spacing: Int, isScattered: Bool = false
  ) throws(LogitStreamError) -> InflatedBytes {
    let state: FileState
    do { state = try FileState(of: path) } catch { throw .unreadableFile(error) }
    let found = known.withLock { known in
      known.first { $0.state == state && $0.part == part && (!isScattered || $0.bytes.content != nil) }?.bytes
    }
    if let found { return found }
    let content: SpoolFile?
    do throws(FileError) {
      content = isScattered ? try SpoolFile() : nil
    } catch {
      throw .noRoomForContent(part.location, byteCount: part.byteCount, error: error)
    }
    let bytes = try InflatedBytes(
      part, of: PlainFile(path), offset: offset, spacing: spacing, keepingIn: content)
    known.withLock { known in
      if known.count >= mostKnown { known.removeFirst() }
      known.append((state, part, bytes))
    }
    return bytes
  }
}
