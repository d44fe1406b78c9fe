/// The header of a .npy file, as NumPy's documentation describes it (`numpy.lib.format`).
///
/// Versions 1 to 3 are known. They differ in how many bytes give the header's length, and in the text's encoding.
enum NPYHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The most bytes that the header of an array of numbers is taken to have.
  private static let mostBytes = 1 << 16

  /// The array that a file holds.
  ///
  /// - Throws: ``LogitStreamError/damagedHeader(_:reason:)`` if it is not what it should be.
  static func array(in file: PlainFile) throws(LogitStreamError) -> StoredArray {
    let head = try file.bytes(0..<12)
    let lengthBytes: Int
    switch head[6] {
    case 1: lengthBytes = 2
    case 2, 3: lengthBytes = 4
    default: throw .damagedHeader(file.path, reason: "it is of version \(head[6]) of .npy, and 1 to 3 are known")
    }
    let length = head[8..<8 + lengthBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    let start = 8 + lengthBytes
    guard length <= mostBytes, start + length <= file.byteCount else {
      throw .damagedHeader(file.path, reason: "its header is said to have \(length) bytes")
    }
    let bytes = try file.bytes(start..<start + length)
    guard let text = String(validating: bytes, as: UTF8.self), let fields = Fields(text) else {
      throw .damagedHeader(file.path, reason: "its header is not that of an array of numbers")
    }
    return try fields.array(in: file, offset: start + length)
  }

  /// The content of the header, which is a Python dictionary:
  /// `{'descr': '<f4', 'fortran_order': False, 'shape': (50000, 1000), }`
  private struct Fields {
    let type: String
    let isColumnMajor: Bool
    let shape: [Int]

    init?(_ text: String) {
      let descr = /'descr': *'([^']*)'/
      let fortranOrder = /'fortran_order': *(True|False)/
      let shapeTuple = /'shape': *\(([0-9, ]*)\)/
      guard let type = text.firstMatch(of: descr)?.1, let order = text.firstMatch(of: fortranOrder)?.1,
        let lengths = text.firstMatch(of: shapeTuple)?.1,
        // The three may come in any order, but with nothing else.
        text.replacing(descr, with: "").replacing(fortranOrder, with: "").replacing(shapeTuple, with: "")
          .wholeMatch(of: /[ ]*\{[ ,]*\}[ ]*\n?/) != nil
      else { return nil }
      let shape = lengths.split(separator: ",").map { $0.drop { $0 == " " }.prefix { $0 != " " } }.filter {
        !$0.isEmpty
      }
      self.type = String(type)
      isColumnMajor = order == "True"
      self.shape = shape.compactMap { Int($0) }
      guard self.shape.count == shape.count else { return nil }
    }

    private var format: LogitFormat? {
      let isBigEndian = type.hasPrefix(">")
      switch type.dropFirst() {
      case "f2": return LogitFormat(precision: .float16, isBigEndian: isBigEndian)
      case "f4": return LogitFormat(precision: .float32, isBigEndian: isBigEndian)
      case "f8": return LogitFormat(precision: .float64, isBigEndian: isBigEndian)
      default: return nil
      }
    }

    func array(in file: PlainFile, offset: Int) throws(LogitStreamError) -> StoredArray {
      let integerFormat = IntegerFormat(numPy: type)
      let byteCount = try StoredArray.byteCount(
        shape, elementBytes: format?.byteCount ?? integerFormat?.byteCount, at: offset, in: file, name: "")
      return StoredArray(
        file: file.path, name: "", shape: shape, type: format?.description ?? "NumPy's \(type)", format: format,
        integerFormat: integerFormat, isColumnMajor: isColumnMajor && shape.count > 1, chunkShape: nil,
        layout: isColumnMajor ? "contiguous, column after column" : "contiguous", filters: [],
        storedByteCount: byteCount, access: .contiguous(offset: offset))
    }
  }
}

extension StoredArray {
  /// The number of bytes in an array that begins at `offset` of a file. If the size of the elements is not known, all
  /// the bytes that follow in the file.
  ///
  /// - Throws: ``LogitStreamError`` if the file ends before the array does.
  static func byteCount(
    _ shape: [Int], elementBytes: Int?, at offset: Int, in file: PlainFile, name: String
  ) throws(LogitStreamError) -> Int {
    guard let elementBytes else { return file.byteCount - offset }
    var byteCount = elementBytes
    for length in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: length)
      guard !overflow, length >= 0 else {
        throw .damagedHeader(file.path, reason: "its header gives an impossible shape, \(shape)")
      }
      byteCount = product
    }
    guard byteCount <= file.byteCount - offset else {
      let (needed, overflow) = offset.addingReportingOverflow(byteCount)
      throw .endsEarly(LogitInput.location(file.path, name), needed: overflow ? .max : needed, found: file.byteCount)
    }
    return byteCount
  }
}
