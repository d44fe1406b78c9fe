import CHDF5

/// An array in an HDF5 file: its description, and its content row by row.
///
/// The description is read when the dataset is opened. A **row** is what lies at one index of the first dimension; a
/// scalar is one row.
package struct Dataset: ~Copyable, Sendable {
  /// The dataset's path inside its file.
  package let path: String
  /// The path of the file.
  package let file: String
  /// The file that the dataset is in, and its path there: others than ``file`` and ``path`` if a link leads to it.
  package let storage: Storage
  /// The length of each dimension: none for a scalar, `[0]` for a dataset declared to hold nothing.
  package let shape: [Int]
  /// The most that each dimension may grow to; nil if there is no limit.
  package let maximumShape: [Int?]
  package let elementType: ElementType
  /// The number of bytes in one element, of any type.
  package let elementByteCount: Int
  /// The number of bytes in one row.
  package let rowByteCount: Int
  package let layout: Layout
  /// The filters that chunks went through when they were written, in that order.
  package let filters: [Filter]
  /// Whether another process is writing the file, so that the dataset may grow.
  package let isBeingWritten: Bool
  /// Why elements can only be read through the library, in a few words; nil if their locations in the file can be
  /// found.
  package let indirection: String?

  /// What elements read as that were never written: the bytes of one element; zeros if the file does not say.
  package let fillValue: [UInt8]

  let handle: Handle
  let type: Handle

  package struct Storage: Sendable, Hashable {
    package let file: String
    package let path: String
  }

  /// The number of rows.
  package var rowCount: Int { shape.first ?? 1 }
  var subject: Subject { Subject(file: file, object: path) }

  /// Describes an open dataset. Must be called inside ``withLibrary(_:)``.
  init(handle: consuming Handle, subject: Subject, isBeingWritten: Bool) throws(HDF5Error) {
    let operation = "open dataset"
    let id = handle.id
    let type = try subject.open(operation, closingWith: H5Tclose, H5Dget_type(id))
    let extent = try Extent(ofDataset: id, subject: subject, operation: operation)
    let properties = try subject.open(operation, closingWith: H5Pclose, H5Dget_create_plist(id))

    let elementType = try ElementType(type: type.id, subject: subject, operation: operation)
    let layout = try Layout(
      properties: properties.id, extent: extent, subject: subject, operation: operation)
    let filters = try Filter.all(properties: properties.id, subject: subject, operation: operation)
    let elementByteCount = H5Tget_size(type.id)
    // A damaged header can claim any size.
    guard
      elementByteCount > 0,
      let rowByteCount = product(extent.shape.dropFirst() + [elementByteCount]),
      let byteCount = product([extent.shape.first ?? 1, rowByteCount])
    else {
      throw subject.error(operation, "impossible size: shape \(extent.shape), \(elementByteCount) bytes an element")
    }
    let storage = Self.storage(of: id, subject)
    let indirection = try Self.indirection(
      properties: properties.id, layout, storage, subject: subject, isBeingWritten: isBeingWritten)
    let hasFixedSize = try subject.check(operation, H5Tdetect_class(type.id, H5T_VLEN)) == 0
    let isVariableString = try subject.check(operation, H5Tis_variable_str(type.id)) > 0
    if hasFixedSize, !isVariableString {
      try Self.checkSize(of: id, properties.id, layout, needed: byteCount, subject, operation)
    }
    fillValue = Self.fillValue(properties.id, type.id, elementType.isNumber ? elementByteCount : 0)
    self.storage = storage
    self.indirection = indirection

    path = subject.object ?? "/"
    file = subject.file
    shape = extent.shape
    maximumShape = extent.maximumShape
    self.elementType = elementType
    self.elementByteCount = elementByteCount
    self.rowByteCount = rowByteCount
    self.layout = layout
    self.isBeingWritten = isBeingWritten
    self.filters = filters
    self.handle = handle
    self.type = type
  }
}
