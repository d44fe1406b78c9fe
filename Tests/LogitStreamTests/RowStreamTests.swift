import Foundation
import LogitStream
import TestSupport
import Testing

@Suite("Rows without a header: of a file, and those that come once")
struct RowStreamTests {
  let directory: TemporaryDirectory
  /// Ten rows of three numbers.
  private let numbers = (0..<30).map { Float($0 * $0) }
  private static let raw = RawFormat(format: LogitFormat(precision: .float32), clusters: 3)

  init() throws { directory = try TemporaryDirectory() }

  private var bytes: [UInt8] { numbers.withUnsafeBytes { Array($0) } }

  /// A named pipe that a thread writes to, and its stream.
  private func stream(_ bytes: [UInt8], rows: Int? = nil) throws -> RowStream {
    let path = directory.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    Thread.detachNewThread { try? FileHandle(forWritingTo: URL(filePath: path)).write(contentsOf: Data(bytes)) }
    var specification = InputSpecification(file: path, raw: Self.raw)
    specification.streamedRows = rows
    return try RowStream(opening: specification)
  }

  /// Reads some rows, of which there may be fewer.
  private func read(_ rows: Range<Int>, of stream: RowStream) throws -> [Float] {
    var reader = BlockReader(SourceReaders(try LogitSource([stream.input], stream: stream)))
    return try reader.read(RowSlice(input: 0, rows: rows)) { block, _ in
      block.rows.flatMap { row in (0..<3).map { block.row(row).loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) } }
    }
  }

  @Test("A file's rows are those that were written, whichever dimension comes first")
  func file() throws {
    let path = directory.path("x.bin")
    try Data(bytes).write(to: URL(filePath: path))
    let input = try LogitInput(opening: InputSpecification(file: path, raw: Self.raw))
    #expect(input.rows == 10 && input.clusters == 3)
    #expect(try LogitInput(opening: input.specification) == input)
    let transposed = try LogitInput(opening: InputSpecification(file: path, isTransposed: true, raw: Self.raw))
    #expect(transposed.rows == 10)
    let odd = RawFormat(format: Self.raw.format, clusters: 7)
    #expect(throws: LogitStreamError.noWholeRows(path, byteCount: 120, rowByteCount: 28)) {
      try LogitInput(opening: InputSpecification(file: path, raw: odd))
    }
    let wide = RawFormat(format: Self.raw.format, clusters: .max)
    #expect(throws: LogitStreamError.self) { try LogitInput(opening: InputSpecification(file: path, raw: wide)) }
  }

  @Test("Rows come in order; the first can be read again, the others not")
  func again() throws {
    let stream = try stream(bytes)
    try stream.prepare(keeping: 4, spool: nil) { false }
    for rows in [0..<2, 2..<4, 4..<9] {
      #expect(try read(rows, of: stream) == Array(numbers[3 * rows.lowerBound..<3 * rows.upperBound]))
    }
    #expect(try read(9..<12, of: stream) == Array(numbers[27...]))
    #expect(stream.hasEnded && stream.rows == 10)
    #expect(stream.canReadAgain(0..<4) && !stream.canReadAgain(0..<5))
    #expect(try read(1..<4, of: stream) == Array(numbers[3..<12]))
    #expect(throws: LogitStreamError.streamEnded(stream.input.location)) { try read(4..<6, of: stream) }
    #expect(try read(10..<12, of: stream).isEmpty)
  }

  @Test("An end within a row is an error, and so are fewer rows than were asked for")
  func ends() throws {
    let odd = try stream(Array(bytes.dropLast(5)))
    #expect(try read(0..<20, of: odd) == Array(numbers[..<27]))
    #expect(
      throws: LogitStreamError.endsWithinRow(odd.input.location, rows: 9, byteCount: 7, rowByteCount: 12)
    ) { try odd.checkEnd(0) }
    try FileManager.default.removeItem(atPath: directory.path("pipe"))
    let few = try stream(bytes, rows: 11)
    _ = try read(0..<20, of: few)
    #expect(throws: LogitStreamError.fewerRows(few.input.location, found: 10, wanted: 11)) { try few.checkEnd(0) }
    try FileManager.default.removeItem(atPath: directory.path("pipe"))
    let some = try stream(bytes, rows: 5)
    #expect(try read(0..<20, of: some) == Array(numbers[..<15]))
    #expect(some.hasEnded)
  }

  @Test("Who waits for rows is let go when the run fails")
  func givesUp() throws {
    let path = directory.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let stream = try RowStream(opening: InputSpecification(file: path, raw: Self.raw))
    Thread.detachNewThread {
      usleep(100_000)
      stream.giveUp()
    }
    // Nobody writes to the pipe.
    #expect(try read(0..<5, of: stream).isEmpty)
  }
}
