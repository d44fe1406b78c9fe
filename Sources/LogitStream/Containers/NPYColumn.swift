/// An array of integers in C order, or of strings: of labels, or of names. It is a `.npy` file, in a `.npz` or `.pt` file, or (of
/// integers) in a directory of Zarr.
package enum NPYColumn: Sendable {
  case integers(NPYIntegers)
  case strings(NPYStrings)
  /// Elements of another type, which is given in plain words.
  case other(type: String)

  /// Opens a file; nil if it is none of these.
  ///
  /// - Returns: The array, and its name in the file, if that has names.
  /// - Throws: ``LogitStreamError`` if it is damaged, if integers lie column after column, if strings have several
  ///   dimensions, if elements are Python's objects, which may be strings, or if there are several arrays of one dimension and
  ///   none is named.
  package static func opening(_ input: InputSpecification) throws(LogitStreamError) -> (
    column: NPYColumn, name: String
  )? {
    if try ZarrDirectory(input.file) != nil {
      let array = try array(named: input.dataset, in: ArrayContainer(opening: input.file), input.file)
      guard let chunks = array.zarr, let format = array.integerFormat else {
        return (.other(type: array.type), array.name)
      }
      let bytes = try ZarrColumn(array, chunks, elementByteCount: format.byteCount)
      return (.integers(NPYIntegers(format, count: array.shape[0], in: bytes, at: 0)), array.name)
    }
    let file = try PlainFile(input.file)
    let head = try file.head(NPYHeader.magic.count)
    if head == NPYHeader.magic {
      return try NPYColumn(NPYHeader.array(in: file), in: file).map { ($0, "") }
    }
    guard head.starts(with: ZipArchive.magic) else { return nil }
    let container = try ArrayContainer(opening: input.file)
    let array = try array(named: input.dataset, in: container, input.file)
    try array.checksum?.check(in: input.file)
    let bytes: any ByteReading
    if case .deflated(let part, let offset) = array.access {
      bytes = try InflatedBytes.of(part, in: input.file, offset: offset, spacing: 1 << 20)
    } else {
      bytes = file
    }
    return try NPYColumn(array, in: bytes).map { ($0, array.name) }
  }

  /// The array of a name; without one the only one of integers of one dimension, or else the only one of strings.
  private static func array(
    named name: String?, in container: borrowing ArrayContainer, _ file: String
  ) throws(LogitStreamError) -> StoredArray {
    if let name { return try container.array(named: name) }
    let listing = try container.listing()
    if listing.count == 1 { return try container.array(named: listing[0].name) }
    let flat = listing.compactMap(\.array).filter { $0.shape.count == 1 }
    let integers = flat.filter { $0.integerFormat != nil }
    let candidates = integers.isEmpty ? flat.filter { $0.stringFormat != nil || $0.isOfObjects } : integers
    guard let first = candidates.first else { throw .noColumn(file: file, found: listing.map(\.name)) }
    guard candidates.count == 1 else { throw .severalColumns(file: file, candidates: candidates.map(\.name)) }
    return first
  }

  private init?(_ array: StoredArray, in bytes: any ByteReading) throws(LogitStreamError) {
    let location = LogitInput.location(array.file, array.name)
    guard !array.isOfObjects else { throw .pythonObjects(location) }
    let offset: Int
    switch array.access {
    case .contiguous(let found), .deflated(_, let found): offset = found
    default: return nil
    }
    if let format = array.integerFormat {
      guard !array.isColumnMajor, array.strides == nil else { throw .columnMajorIntegers(location) }
      self = .integers(NPYIntegers(format, count: array.shape.reduce(1, *), in: bytes, at: offset))
    } else if let format = array.stringFormat {
      guard array.shape.count == 1 else { throw .severalDimensions(location, shape: array.shape) }
      self = .strings(NPYStrings(format, count: array.shape[0], in: bytes, at: offset))
    } else {
      self = .other(type: array.type)
    }
  }
}
