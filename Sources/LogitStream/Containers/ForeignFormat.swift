import Texts

/// A format that is recognized, but not read: what a file is, by how it begins.
public enum ForeignFormat: Sendable, Equatable {
  case unknown
  case parquet
  case arrow
  case arrowStream
  case feather
  case matlab
  case pickle
  case legacyTorch
  case torchScript
  /// Lines of numbers; the first may name the columns. Beside numbers there may be words.
  case text(hasHeader: Bool, hasWords: Bool)
  case tfRecord
  case gzip
  case zstd
  case xz
  case bzip2
  case lz4
  case zip
  case zippedZarr
  case tar
  case netCDF
  case json

  var description: String {
    switch self {
    case .unknown: "of an unknown format"
    case .parquet: "a Parquet file"
    case .arrow: "an Arrow file (Feather)"
    case .arrowStream: "a stream of Arrow"
    case .feather: "a Feather file of version 1"
    case .matlab: "a MAT-file of MATLAB before version 7.3"
    case .pickle: "a pickle of Python"
    case .legacyTorch: "a file of PyTorch before 1.6, a pickle"
    case .torchScript: "a model of TorchScript"
    case .text: "text, with numbers in lines"
    case .tfRecord: "a TFRecord file"
    case .gzip: "compressed by gzip as a whole"
    case .zstd: "compressed by zstd as a whole"
    case .xz: "compressed by xz as a whole"
    case .bzip2: "compressed by bzip2 as a whole"
    case .lz4: "compressed by lz4 as a whole"
    case .zip: "a zip file of other things than arrays"
    case .zippedZarr: "a directory of Zarr in a zip file"
    case .tar: "a tar file"
    case .netCDF: "a netCDF file of version 3"
    case .json: "JSON"
    }
  }

  private static let beginnings: [(ForeignFormat, [UInt8])] = [
    (.parquet, Array("PAR1".utf8)), (.parquet, Array("PARE".utf8)), (.arrow, Array("ARROW1".utf8)),
    (.feather, Array("FEA1".utf8)), (.matlab, Array("MATLAB 5.0 MAT-file".utf8)),
    (.gzip, [0x1F, 0x8B]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD]), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]),
    (.bzip2, Array("BZh".utf8)), (.lz4, [0x04, 0x22, 0x4D, 0x18]), (.zip, ZipArchive.emptyMagic),
    (.netCDF, Array("CDF\u{1}".utf8)), (.netCDF, Array("CDF\u{2}".utf8)), (.netCDF, Array("CDF\u{5}".utf8)),
    // A pickle with the number that PyTorch's begin with.
    (.legacyTorch, [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]),
    (.pickle, Array("cnumpy.".utf8)), (.pickle, Array("(dp0\n".utf8)), (.pickle, Array("(lp0\n".utf8)),
    (.pickle, [0x80, 2]), (.pickle, [0x80, 3]), (.pickle, [0x80, 4]), (.pickle, [0x80, 5]),
  ]

  /// What a file is that none of our readers knows.
  static func of(_ file: PlainFile) throws(LogitStreamError) -> ForeignFormat {
    let head = try file.head(4096)
    if let found = beginnings.first(where: { head.starts(with: $0.1) }) { return found.0 }
    if head.count > 262, head[257...].starts(with: "ustar".utf8) { return .tar }
    let numbers = LittleEndian(bytes: head)
    if isRecords(numbers, head) { return .tfRecord }
    if numbers.number(UInt32.self, at: 0) == .max, let length = numbers.integer(UInt32.self, at: 4), length > 0,
      length < file.byteCount
    {
      return .arrowStream
    }
    if isMatlab4(numbers, file.byteCount) { return .matlab }
    // The names of many columns are a long line.
    return text(try file.head(mostText), isWhole: file.byteCount <= mostText)
  }

  private static let mostText = 1 << 16

  /// What a zip file is that holds no arrays.
  static func of(_ archive: ZipArchive) -> ForeignFormat {
    let isZarr = archive.members.contains { member in
      [".zarray", ".zgroup", "zarr.json"].contains { member.name.string.lastPathComponent.hasSameBytes(as: $0) }
    }
    return isZarr ? .zippedZarr : .zip
  }

  /// Whether it begins with the length of a record and that length's checksum, as TensorFlow masks it.
  private static func isRecords(_ numbers: LittleEndian, _ head: [UInt8]) -> Bool {
    guard let masked = numbers.number(UInt32.self, at: 8) else { return false }
    let checksum = head[..<8].withUnsafeBytes { CRC32C.of($0) }
    return masked == (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }

  /// Whether it begins as a matrix of MATLAB 4 does: its type, its sides, whether it is complex, its name's length, its name.
  private static func isMatlab4(_ numbers: LittleEndian, _ byteCount: Int) -> Bool {
    let fields = (0..<5).compactMap { numbers.integer(UInt32.self, at: 4 * $0) }
    guard fields.count == 5, fields[0] <= 4052, fields[0] % 10 <= 2, fields[0] / 10 % 10 <= 5,
      fields[0] / 100 % 10 == 0,
      fields[3] <= 1, 2...64 ~= fields[4], fields[1] > 0, fields[2] > 0, 20 + fields[4] <= numbers.bytes.count
    else { return false }
    let name = numbers.bytes[20..<20 + fields[4]]
    let letters = name.dropLast()
    return name.last == 0 && letters.allSatisfy { $0 == UInt8(ascii: "_") || isLetterOrDigit($0) }
      && fields[1].multipliedReportingOverflow(by: fields[2]).partialValue <= byteCount
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    let character = Character(Unicode.Scalar(byte))
    return byte < 0x80 && (character.isLetter || character.isNumber)
  }

  /// Text with numbers in it, or JSON; else what is unknown.
  private static func text(_ head: [UInt8], isWhole: Bool) -> ForeignFormat {
    let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || [9, 10, 13].contains($0) }
    guard isText, let first = head.first(where: { ![9, 10, 13, 0x20].contains($0) }) else { return .unknown }
    if [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(first) { return .json }
    // The first whole lines: half of one at least must be numbers that something separates.
    let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), 9, 0x20, 13]
    // The last field may go on.
    let end = isWhole ? head.count : head.lastIndex { $0 == 10 || separators.contains($0) } ?? head.count
    let lines = head[..<end].split(separator: 10).prefix(3).map { line in
      let fields = line.split { separators.contains($0) }
      let numbers = fields.count { Double(String(decoding: $0, as: UTF8.self)) != nil }
      return (fields: fields.count, numbers: numbers)
    }
    let rows = lines.filter { $0.numbers > 1 && 2 * $0.numbers >= $0.fields }
    guard let last = rows.last, let firstLine = lines.first else { return .unknown }
    return .text(
      hasHeader: firstLine.numbers < 2 || 2 * firstLine.numbers < firstLine.fields, hasWords: last.numbers < last.fields
    )
  }
}
