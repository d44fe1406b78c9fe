import HDF5
import TestSupport
import Testing

@Suite("Element types")
struct ElementTypeTests {
  /// A NumPy type without byte order, and what it is called here.
  struct NumberType: Sendable, CustomTestStringConvertible {
    let numpy: String
    let name: String
    let type: @Sendable (ByteOrder) -> ElementType
    var testDescription: String { name }
  }

  static let numberTypes =
    [("f2", FloatFormat.float16), ("f4", .float32), ("f8", .float64)].map { numpy, format in
      NumberType(numpy: numpy, name: format.rawValue) { .float(format, $0) }
    }
    + [2, 4, 8].flatMap { bytes in
      [("i", true), ("u", false)].map { letter, signed in
        NumberType(numpy: "\(letter)\(bytes)", name: "\(signed ? "" : "u")int\(8 * bytes)") {
          .integer(bytes: bytes, signed: signed, $0)
        }
      }
    }

  @Test(
    "A number's format and byte order are recognized, and its bytes are read as they lie in the file",
    arguments: numberTypes, ByteOrder.allCases)
  func numbers(type: NumberType, order: ByteOrder) throws {
    let numpy = (order == .littleEndian ? "<" : ">") + type.numpy
    let fixture = try Fixture("save('x', np.linspace(1, 99, 35).reshape(7, 5).astype('\(numpy)'))")
    let dataset = try fixture.open().dataset("/x")

    #expect(dataset.elementType == type.type(order))
    #expect(dataset.elementType.description == (order == .bigEndian ? "big-endian " : "") + type.name)
    #expect(dataset.elementType.byteSize == dataset.elementByteCount)
    let bytes = try dataset.bytes()
    #expect(try bytes == fixture.savedBytes("x"))
  }

  @Test("A one-byte integer has no byte order to tell", arguments: [("i1", true), ("u1", false)])
  func oneByte(numpy: String, signed: Bool) throws {
    let fixture = try Fixture("save('x', np.arange(6, dtype='\(numpy)'))")
    let dataset = try fixture.open().dataset("x")

    #expect(dataset.elementType == .integer(bytes: 1, signed: signed, .littleEndian))
    let bytes = try dataset.bytes()
    #expect(try bytes == fixture.savedBytes("x"))
  }

  @Test("bfloat16 is told from float16 by its exponent", arguments: ByteOrder.allCases)
  func bfloat16(order: ByteOrder) throws {
    let fixture = try Fixture(
      """
      bfloat16 = h5py.h5t.IEEE_F16\(order == .littleEndian ? "LE" : "BE").copy()
      bfloat16.set_fields(15, 7, 8, 0, 7)
      bfloat16.set_ebias(127)
      space = h5py.h5s.create_simple((3, 2))
      dataset = h5py.h5d.create(f.id, b"x", bfloat16, space)
      dataset.write(space, space, np.array([[1, -2], [0.5, 3], [1e30, 0]], dtype="f4"))
      """)
    let dataset = try fixture.open().dataset("/x")

    #expect(dataset.elementType == .float(.bfloat16, order))
    // A bfloat16 is the upper half of a float32.
    let numbers: [Float] = [1, -2, 0.5, 3, 1e30, 0]
    let expected = numbers.flatMap { number in
      // HDF5 rounds to nearest, as does this addition; no number above is a tie.
      let half = UInt16((number.bitPattern + 0x8000) >> 16)
      let low = UInt8(half & 0xff)
      let high = UInt8(half >> 8)
      return order == .littleEndian ? [low, high] : [high, low]
    }
    let bytes = try dataset.bytes()
    #expect(bytes == expected)
  }

  @Test(
    "What is not a number is named",
    arguments: [
      ("np.array([True, False])", ElementType.other("enumeration")),
      ("np.zeros(2, dtype=[('a', 'f4'), ('b', 'i4')])", .other("compound")),
      ("np.zeros(2, dtype='c8')", .other("compound")),
      ("np.zeros(2, dtype='V5')", .other("5 opaque bytes")),
      ("np.zeros(2, dtype=np.longdouble)", .other("nonstandard 16-byte float")),
      ("np.array([b'a', b'b'])", .string),
    ])
  func others(array: String, type: ElementType) throws {
    let fixture = try Fixture("f['x'] = \(array)")
    let dataset = try fixture.open().dataset("/x")

    #expect(dataset.elementType == type)
    #expect(dataset.elementType.byteSize == nil)
    #expect {
      _ = try fixture.open().dataset("/x").bytes()
    } throws: { error in
      (error as? HDF5Error)?.message == "elements are not numbers but of type \(type)"
    }
  }
}
