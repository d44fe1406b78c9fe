/// A `.npy` file of integers in C order, or of strings: of labels, or of names.
package enum NPYColumn: Sendable {
  case integers(NPYIntegers)
  case strings(NPYStrings)
  /// Elements of another type, which is given in plain words.
  case other(type: String)

  /// Opens a file; nil if it is no `.npy`.
  ///
  /// - Throws: ``LogitStreamError`` if it is damaged, if integers lie column after column, if strings have several
  ///   dimensions, or if elements are Python's objects, which may be strings.
  package init?(opening path: String) throws(LogitStreamError) {
    let file = try PlainFile(path)
    guard try file.head(NPYHeader.magic.count) == NPYHeader.magic else { return nil }
    let array = try NPYHeader.array(in: file)
    guard !array.isOfObjects else { throw .pythonObjects(path) }
    guard case .contiguous(let offset) = array.access else { return nil }
    if let format = array.integerFormat {
      guard !array.isColumnMajor else { throw .columnMajorIntegers(path) }
      self = .integers(NPYIntegers(format, count: array.shape.reduce(1, *), in: file, at: offset))
    } else if let format = array.stringFormat {
      guard array.shape.count == 1 else { throw .severalDimensions(path, shape: array.shape) }
      self = .strings(NPYStrings(format, count: array.shape[0], in: file, at: offset))
    } else {
      self = .other(type: array.type)
    }
  }
}
