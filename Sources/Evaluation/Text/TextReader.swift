import Files

/// Text in UTF-8 that is read once, from a file or a pipe, by one rule for all that people write in files.
///
/// - LF, CR LF or CR ends a line, and nothing else does: vocabularies hold all of Unicode's other line ends.
/// - Nothing is trimmed: blanks of any kind may be a name, or its beginning.
/// - A byte order mark at the beginning is no part of the text.
/// - What is not UTF-8 is an error that names the line.
final class TextReader {
  let path: String
  /// Where more comes from; nil if there is no more.
  private var file: StreamedFile?
  /// The bytes that may be read before the file is refused, so that there is an end to a pipe that has none.
  private let most: Int
  private var read = 0
  /// What was read last. What is before `position` was taken.
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var position = 0
  private var end = 0
  /// The line of the next byte, counted from 1.
  private(set) var line = 1

  /// The longest line of a text whose lines are names or labels.
  static let mostLineBytes = 1 << 16

  /// - Throws: ``EvaluationError``
  init(_ path: String, most: Int = 256 << 20) throws(EvaluationError) {
    self.path = path
    self.most = most
    do throws(FileError) {
      file = try StreamedFile(path)
    } catch {
      throw EvaluationError(reading: path, error)
    }
    try fill()
    try takeByteOrderMark()
  }

  /// A text that was read before.
  init(_ path: String, holding bytes: [UInt8]) throws(EvaluationError) {
    self.path = path
    most = .max
    file = nil
    buffer = bytes
    end = bytes.count
    try takeByteOrderMark()
  }

  /// The bytes that are next, up to 256 KiB of them; fewer only if the text has no more.
  ///
  /// This is what kinds of text are told by. So not before it is called a buffer's rest is moved.
  var next: ArraySlice<UInt8> { buffer[position..<end] }

  /// Reads on until the buffer is full or the file is at its end.
  private func fill() throws(EvaluationError) {
    if position > 0 {
      buffer.replaceSubrange(0..<end - position, with: buffer[position..<end])
      (position, end) = (0, end - position)
    }
    while end < buffer.count {
      let count = try readMore()
      if count == 0 { return }
      read += count
      end += count
      guard read <= most else { throw .tooLong(path, most: most) }
    }
  }

  private func readMore() throws(EvaluationError) -> Int {
    let result = buffer.withUnsafeMutableBytes { bytes in
      Result { () throws(FileError) in
        try file?.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...])) ?? 0
      }
    }
    do throws(FileError) {
      return try result.get()
    } catch {
      throw EvaluationError(reading: path, error)
    }
  }

  private func takeByteOrderMark() throws(EvaluationError) {
    let head = Array(next.prefix(4))
    if head.starts(with: [0xEF, 0xBB, 0xBF]) { position += 3 }
    // UTF-16 and UTF-32 with a mark; or without, of a text that begins with a letter of ASCII.
    let isWide =
      head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || head.starts(with: [0, 0, 0xFE, 0xFF])
      || head.count == 4 && [[false, true, false, true], [true, false, true, false]].contains(head.map { $0 == 0 })
      || head.count == 4 && [[false, true, true, true], [true, true, true, false]].contains(head.map { $0 == 0 })
    if isWide { throw .isWideText(path) }
  }
}

extension TextReader {
  /// Takes the next byte; nil at the end.
  @inline(__always)
  func byte() throws(EvaluationError) -> UInt8? {
    if position == end {
      try fill()
      if position == end { return nil }
    }
    let byte = buffer[position]
    position += 1
    return byte
  }

  /// Takes a LF if it is next: the second half of a line end whose CR was taken.
  func takeLineFeed() throws(EvaluationError) {
    if position == end { try fill() }
    if position < end, buffer[position] == 0x0A { position += 1 }
  }

  /// Counts a line end that was taken.
  func countLine() { line += 1 }

  /// Takes the next line, without its end; nil if there is no more. There is no empty line after the end of the last.
  ///
  /// - Throws: ``EvaluationError`` if it is not UTF-8, or of more than ``mostLineBytes``.
  func nextLine() throws(EvaluationError) -> String? {
    var bytes: [UInt8] = []
    var isThere = false
    while true {
      if position == end { try fill() }
      guard position < end else { break }
      isThere = true
      let lineEnd = buffer[position..<end].firstIndex { $0 == 0x0A || $0 == 0x0D }
      bytes += buffer[position..<(lineEnd ?? end)]
      position = lineEnd ?? end
      guard bytes.count <= Self.mostLineBytes else { throw .longLine(path, line: line, most: Self.mostLineBytes) }
      guard lineEnd != nil else { continue }
      let isReturn = buffer[position] == 0x0D
      position += 1
      if isReturn { try takeLineFeed() }
      defer { countLine() }
      return try text(bytes)
    }
    return isThere ? try text(bytes) : nil
  }

  /// All bytes that are left.
  func rest() throws(EvaluationError) -> [UInt8] {
    var bytes: [UInt8] = []
    repeat {
      bytes += next
      position = end
      try fill()
    } while position < end
    return bytes
  }

  /// Bytes of the line at hand as a text.
  func text(_ bytes: [UInt8]) throws(EvaluationError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(path, line: line) }
    return text
  }
}
