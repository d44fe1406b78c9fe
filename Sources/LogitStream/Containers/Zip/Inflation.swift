import CZlib

/// A stream of deflate that is being undone, which can be copied wherever it stands.
///
/// It is for one thread at a time; but any number may copy one that stays where it is.
final class Inflation: @unchecked Sendable {
  private let stream: UnsafeMutablePointer<z_stream>
  private var input = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  /// The next byte of the stream that is to be read, and the next that comes out.
  private var inputPosition: Int
  private(set) var position: Int
  private(set) var isAtEnd = false

  private static let inputByteCount = 64 << 10
  /// What one takes: zlib's window and tables, and the buffer.
  static let byteCount = inputByteCount + (44 << 10)

  init() throws(LogitStreamError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    (inputPosition, position) = (0, 0)
    // Minus 15: deflate without a header.
    let code = inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib is of another version, or there is no memory")
  }

  init(copying other: Inflation) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // What it has read and not used is read again.
    inputPosition = other.inputPosition - Int(other.stream.pointee.avail_in)
    position = other.position
    isAtEnd = other.isAtEnd
    precondition(inflateCopy(stream, other.stream) == Z_OK, "there is no memory")
    stream.pointee.avail_in = 0
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// The bytes of the stream that were used.
  var usedByteCount: Int { inputPosition - Int(stream.pointee.avail_in) }

  /// Gives the next bytes, as many as the buffer has room for, or fewer at the end of the stream.
  ///
  /// - Returns: How many they are.
  /// - Throws: ``LogitStreamError`` if the stream is damaged, ends early, or can't be read.
  func next(_ buffer: UnsafeMutableRawBufferPointer, of part: FilePart) throws(LogitStreamError) -> Int {
    if input.baseAddress == nil { input = .allocate(byteCount: Self.inputByteCount, alignment: 64) }
    var done = 0
    while done < buffer.count, !isAtEnd {
      if stream.pointee.avail_in == 0 {
        let count = min(Self.inputByteCount, part.byteCount - inputPosition)
        guard count > 0 else { throw .damagedHeader(part.location, reason: "what is compressed ends early") }
        try part.read(at: inputPosition, into: UnsafeMutableRawBufferPointer(rebasing: input[..<count]))
        inputPosition += count
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.avail_in = UInt32(count)
      }
      let room = min(buffer.count - done, 1 << 30)
      stream.pointee.next_out = buffer.baseAddress.map { ($0 + done).assumingMemoryBound(to: Bytef.self) }
      stream.pointee.avail_out = UInt32(room)
      let code = inflate(stream, Z_NO_FLUSH)
      done += room - Int(stream.pointee.avail_out)
      guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
        throw .damagedHeader(part.location, reason: "it can't be decompressed")
      }
      isAtEnd = code == Z_STREAM_END
    }
    position += done
    return done
  }
}
