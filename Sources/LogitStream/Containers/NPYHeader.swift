/// The header of a .npy file, or of a member of .npz, as NumPy's documentation describes it (`numpy.lib.format`) and as NumPy reads it.
///
/// It is the literal of a Python dictionary:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (50000, 1000), }`. Versions 1 to 3 differ in how many bytes give its
/// length, and in its encoding. Bytes after the array are of no concern, here as in NumPy.
enum NPYHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The most characters that NumPy takes of a file that it need not trust.
  private static let mostCharacters = 10_000
  /// The most bytes that a character has in UTF-8.
  private static let mostBytesPerCharacter = 4

  /// The array that a file holds.
  ///
  /// - Parameter name: What it is called in the file.
  /// - Throws: ``LogitStreamError/damagedHeader(_:reason:)`` if it is not what it should be.
  static func array(in file: some ByteReading, name: String = "") throws(LogitStreamError) -> StoredArray {
    let head = try file.bytes(0..<10)
    let (major, minor) = (head[6], head[7])
    guard 1...3 ~= major, minor == 0 else {
      throw .damagedHeader(
        file.location, reason: "it is of version \(major).\(minor) of .npy, and 1.0, 2.0 and 3.0 are known")
    }
    let start = major == 1 ? 10 : 12
    let length = try file.bytes(8..<start).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard start + length <= file.byteCount else {
      throw .damagedHeader(
        file.location, reason: "its header is said to have \(length) bytes, and \(file.byteCount - start) are there")
    }
    guard length <= mostCharacters * mostBytesPerCharacter else { throw tooLong(file, length) }
    let bytes = try file.bytes(start..<start + length)
    // Before version 3 a byte is a character, as in Latin-1.
    guard let text = major < 3 ? String(latin1: bytes) : String(validating: bytes, as: UTF8.self) else {
      throw .damagedHeader(file.location, reason: "its header is not UTF-8 text")
    }
    guard text.unicodeScalars.count <= mostCharacters else { throw tooLong(file, length) }
    let fields = try Fields(text, version: Int(major), file: file.location)
    return try fields.array(in: file, offset: start + length, name: name)
  }

  private static func tooLong(_ file: some ByteReading, _ length: Int) -> LogitStreamError {
    .damagedHeader(
      file.location,
      reason: "its header is said to have \(length) bytes, and NumPy takes \(mostCharacters) characters at most")
  }

  /// The content of the header.
  private struct Fields {
    let type: NumPyType
    let isColumnMajor: Bool
    let shape: [Int]

    init(_ text: String, version: Int, file: String) throws(LogitStreamError) {
      let literal: PythonLiteral
      do {
        literal = try PythonLiteral(parsing: text, allowsLongIntegers: version < 3)
      } catch {
        throw .damagedHeader(
          file, reason: "its header is no Python dictionary: at character \(error.position), \(error.reason)")
      }
      func refusal(_ reason: String) -> LogitStreamError { .damagedHeader(file, reason: "in its header, \(reason)") }
      guard case .dictionary(let pairs) = literal else { throw refusal("there is no dictionary") }
      var fields: [String: PythonLiteral] = [:]
      for (key, value) in pairs {
        guard case .text(let name) = key, Self.names.containsBytes(of: name) else {
          throw refusal("there are other keys than descr, fortran_order and shape")
        }
        fields[name] = value
      }
      guard let descr = fields["descr"], let order = fields["fortran_order"], let shape = fields["shape"] else {
        throw refusal("\(Self.names.filter { fields[$0] == nil }.joined(separator: ", ")) is missing")
      }
      guard case .boolean(let isColumnMajor) = order else { throw refusal("fortran_order is neither True nor False") }
      self.isColumnMajor = isColumnMajor
      guard let lengths = Self.lengths(shape) else {
        throw refusal("shape is no tuple of integers from 0 on")
      }
      self.shape = lengths
      type = if case .text(let text) = descr { NumPyType(text) } else { .records }
    }

    private static let names = ["descr", "fortran_order", "shape"]

    private static func lengths(_ shape: PythonLiteral) -> [Int]? {
      guard case .tuple(let elements) = shape else { return nil }
      var lengths: [Int] = []
      for element in elements {
        guard case .integer(let length?) = element, length >= 0 else { return nil }
        lengths.append(length)
      }
      return lengths
    }

    func array(in file: some ByteReading, offset: Int, name: String) throws(LogitStreamError) -> StoredArray {
      let byteCount = try StoredArray.byteCount(
        shape, elementBytes: type.byteCount, at: offset, in: file)
      return StoredArray(
        file: file.path, name: name, shape: shape, type: type.description, format: type.format,
        integerFormat: type.integerFormat, stringFormat: type.stringFormat, isOfObjects: type.kind == .object,
        isColumnMajor: isColumnMajor && shape.count > 1, chunkShape: nil,
        layout: isColumnMajor ? "contiguous, column after column" : "contiguous", filters: [],
        storedByteCount: byteCount, access: .contiguous(offset: offset))
    }
  }
}

extension String {
  /// Text of which each byte is a character.
  fileprivate init(latin1 bytes: [UInt8]) {
    var scalars = UnicodeScalarView()
    scalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
    self.init(scalars)
  }
}

extension StoredArray {
  /// The number of bytes in an array that begins at `offset` of a file. If the size of the elements is not known, all
  /// the bytes that follow in the file.
  ///
  /// - Throws: ``LogitStreamError`` if the file ends before the array does.
  static func byteCount(
    _ shape: [Int], elementBytes: Int?, at offset: Int, in file: some ByteReading
  ) throws(LogitStreamError) -> Int {
    guard let elementBytes else { return file.byteCount - offset }
    guard let byteCount = byteCount(shape, elementBytes: elementBytes) else {
      throw .damagedHeader(file.location, reason: "its header gives an impossible shape, \(shape)")
    }
    guard byteCount <= file.byteCount - offset else {
      let (needed, overflow) = offset.addingReportingOverflow(byteCount)
      throw .endsEarly(file.location, needed: overflow ? .max : needed, found: file.byteCount)
    }
    return byteCount
  }

  /// The number of bytes in an array of this shape; nil if that is beyond all numbers, or makes no sense.
  static func byteCount(_ shape: [Int], elementBytes: Int) -> Int? {
    var byteCount = elementBytes
    for length in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: length)
      guard !overflow, length >= 0 else { return nil }
      byteCount = product
    }
    return byteCount
  }
}
