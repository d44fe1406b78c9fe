import Files

/// A file that is read at any place by any number of threads at once.
final class PlainFile: ByteReading {
  /// The bytes there were when the file was opened.
  let byteCount: Int
  private let file: OpenFile

  var path: String { file.path }
  var location: String { path }

  /// Opens a file.
  ///
  /// - Throws: ``LogitStreamError`` if there is none, or if it can't be read.
  init(_ path: String) throws(LogitStreamError) {
    do throws(FileError) {
      file = try OpenFile(regular: path)
      byteCount = Int(try file.status().size)
    } catch {
      throw error.code == .noSuchFileOrDirectory ? .noSuchFile(path) : .unreadableFile(error)
    }
  }

  /// Fills a buffer with the bytes from `offset` on.
  ///
  /// - Throws: ``LogitStreamError`` if the file ends before, or can't be read.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError) {
    do throws(FileError) {
      try file.read(at: offset, into: buffer)
    } catch {
      if case .endsEarly(let needed, let found) = error.cause { throw .endsEarly(path, needed: needed, found: found) }
      throw .inputOutput(error)
    }
  }

  /// Says that some bytes will be wanted soon, so that they are fetched while others are worked on.
  func willNeed(_ range: Range<Int>) { file.willNeed(range) }
}
