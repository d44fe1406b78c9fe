import CHDF5

/// The dimensions of a dataset, and how far they may grow (nil: without limit).
struct Extent {
  var shape: [Int]
  var maximumShape: [Int?]

  init(ofDataset id: hid_t, subject: Subject, operation: String) throws(HDF5Error) {
    let space = try subject.open(operation, closingWith: H5Sclose, H5Dget_space(id))
    guard H5Sget_simple_extent_type(space.id) != H5S_NULL else {
      (shape, maximumShape) = ([0], [0])
      return
    }
    let count = Int(try subject.check(operation, H5Sget_simple_extent_ndims(space.id)))
    var lengths = [hsize_t](repeating: 0, count: count)
    var limits = lengths
    try subject.check(operation, H5Sget_simple_extent_dims(space.id, &lengths, &limits))

    shape = try lengths.map { length throws(HDF5Error) in
      try Self.representable(length, subject: subject, operation: operation)
    }
    maximumShape = try limits.map { limit throws(HDF5Error) in
      if limit == CHDF5_UNLIMITED { return nil }
      return try Self.representable(limit, subject: subject, operation: operation)
    }
  }

  private static func representable(
    _ length: hsize_t, subject: Subject, operation: String
  ) throws(HDF5Error) -> Int {
    guard let length = Int(exactly: length) else {
      throw subject.error(operation, "impossible size: a dimension of length \(length)")
    }
    return length
  }
}

/// The product of factors that are not negative; nil if it overflows.
func product(_ factors: some Sequence<Int>) -> Int? {
  var product = 1
  for factor in factors {
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    if overflow { return nil }
    product = next
  }
  return product
}
