/// NumPy's `.npy` format: little-endian, C order, format version 1.0.
///
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public enum NPY {
  /// What every file begins with.
  public static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The bytes before the elements of an array of float64.
  public static func header(shape: [Int]) -> [UInt8] { header(type: "'<f8'", shape: shape) }

  /// The bytes before the elements of an array.
  ///
  /// - Parameter type: What the elements are, as NumPy's `descr` has it.
  package static func header(type: String, shape: [Int]) -> [UInt8] {
    let dimensions = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': \(type), 'fortran_order': False, 'shape': (\(dimensions)), }"
    // Magic, version and header length take 10 bytes. The data begins at a multiple of 64.
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    var bytes = magic + [1, 0]
    withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { bytes += $0 }
    return bytes + header.utf8
  }

  /// The bytes of elements. The last dimension must change fastest.
  public static func bytes(of numbers: [Double]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * numbers.count)
    for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 } }
    return bytes
  }
}
