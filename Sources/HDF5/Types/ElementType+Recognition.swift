import CHDF5

extension ElementType {
  /// Recognizes a datatype of the library.
  init(type: hid_t, subject: Subject, operation: String) throws(HDF5Error) {
    switch H5Tget_class(type) {
    case H5T_FLOAT: self = .float(of: type)
    case H5T_INTEGER: self = .integer(of: type)
    case H5T_STRING: self = .string
    case H5T_TIME: self = .other("time")
    case H5T_BITFIELD: self = .other("bit field")
    // What h5py writes for ml_dtypes.bfloat16, a type that NumPy knows only the size of.
    case H5T_OPAQUE where H5Tget_size(type) == 2: self = .float(.bfloat16, .littleEndian)
    case H5T_OPAQUE: self = .other("\(H5Tget_size(type)) opaque bytes")
    case H5T_COMPOUND: self = .other("compound")
    case H5T_REFERENCE: self = .other("reference")
    case H5T_ENUM: self = .other("enumeration")
    case H5T_VLEN: self = .other("variable-length sequence")
    case H5T_ARRAY: self = .other("array")
    case H5T_NO_CLASS: throw subject.failure(operation)
    default: self = .other("unknown type")
    }
  }

  private static func float(of type: hid_t) -> ElementType {
    guard
      let order = ByteOrder(of: type),
      let format = FloatFormat.allCases.first(where: { BitFields(of: $0) == BitFields(ofType: type) })
    else { return .other("nonstandard \(H5Tget_size(type))-byte float") }
    return .float(format, order)
  }

  private static func integer(of type: hid_t) -> ElementType {
    let size = H5Tget_size(type)
    guard
      [1, 2, 4, 8].contains(size), H5Tget_precision(type) == 8 * size,
      let order = size == 1 ? .littleEndian : ByteOrder(of: type)
    else { return .other("nonstandard \(size)-byte integer") }
    return .integer(bytes: size, signed: H5Tget_sign(type) == H5T_SGN_2, order)
  }
}

extension ByteOrder {
  fileprivate init?(of type: hid_t) {
    switch H5Tget_order(type) {
    case H5T_ORDER_LE: self = .littleEndian
    case H5T_ORDER_BE: self = .bigEndian
    default: return nil
    }
  }
}

/// The positions of the parts of a floating-point number, in bits from the least significant.
private struct BitFields: Equatable {
  var size = 0
  var sign = 0
  var exponentStart = 0
  var exponentBits = 0
  var fractionStart = 0
  var fractionBits = 0
  var bias = 0
  var hasImpliedOne = true

  init(of format: FloatFormat) {
    size = 8 * format.byteSize
    sign = size - 1
    exponentBits = format.exponentBits
    exponentStart = sign - exponentBits
    fractionBits = exponentStart
    bias = 1 << (exponentBits - 1) - 1
  }

  init?(ofType type: hid_t) {
    guard H5Tget_fields(type, &sign, &exponentStart, &exponentBits, &fractionStart, &fractionBits) >= 0 else {
      return nil
    }
    size = 8 * H5Tget_size(type)
    bias = H5Tget_ebias(type)
    hasImpliedOne = H5Tget_norm(type) == H5T_NORM_IMPLIED
  }
}
