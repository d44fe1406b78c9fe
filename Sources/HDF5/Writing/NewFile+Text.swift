import CHDF5
import Glibc

/// What an attribute says.
package enum AttributeValue: Sendable, Hashable {
  case text(String)
  case integer(Int64)
  case real(Double)
}

extension NewFile {
  /// Creates a dataset of strings, in UTF-8 and of any length.
  package func write(_ strings: [String], to name: String) throws(HDF5Error) {
    let subject = Subject(file: path, object: name)
    let operation = "write strings"
    try storage.withLibrary(subject, operation) { () throws(HDF5Error) in
      let type = try subject.open("create dataset", closingWith: H5Tclose, chdf5_text_type())
      let dataset = try createDataset(name, type: type.id, shape: [strings.count], chunks: nil)
      guard !strings.isEmpty else { return try dataset.close(subject, operation) }
      let text = CStrings(strings)
      defer { withExtendedLifetime(text) {} }
      try subject.check(
        operation,
        H5Dwrite(
          dataset.id, type.id, CHDF5_WHOLE_DATASPACE, CHDF5_WHOLE_DATASPACE, CHDF5_DEFAULT_PROPERTIES, text.pointers))
      try dataset.close(subject, operation)
    }
  }

  /// Adds an attribute to the file's root.
  package func setAttribute(_ name: String, _ value: AttributeValue) throws(HDF5Error) {
    switch value {
    case .integer(let number):
      try setAttribute(name, chdf5_file_type(CHDF5_INT64), chdf5_memory_type(CHDF5_INT64), number)
    case .real(let number):
      try setAttribute(name, chdf5_file_type(CHDF5_FLOAT64), chdf5_memory_type(CHDF5_FLOAT64), number)
    case .text(let string):
      let type = try withLibrary { () throws(HDF5Error) in
        try Subject(file: path).open("create attribute \(name)", closingWith: H5Tclose, chdf5_text_type())
      }
      let text = CStrings([string])
      defer { withExtendedLifetime(text) {} }
      try setAttribute(name, type.id, type.id, text.pointers[0])
    }
  }

  private func setAttribute<Value>(
    _ name: String, _ fileType: hid_t, _ memoryType: hid_t, _ value: Value
  ) throws(HDF5Error) {
    let subject = Subject(file: path)
    let operation = "write attribute \(name)"
    try storage.withLibrary(subject, operation) { () throws(HDF5Error) in
      let space = try subject.open(operation, closingWith: H5Sclose, H5Screate(H5S_SCALAR))
      let attribute = try subject.open(
        operation, closingWith: H5Aclose,
        H5Acreate2(handle.id, name, fileType, space.id, CHDF5_DEFAULT_PROPERTIES, CHDF5_DEFAULT_PROPERTIES))
      let status = withUnsafePointer(to: value) { H5Awrite(attribute.id, memoryType, $0) }
      try subject.check(operation, status)
      try attribute.close(subject, operation)
    }
  }
}

/// C strings, which stay in memory as long as this object lives.
private final class CStrings {
  let pointers: [UnsafeMutablePointer<CChar>?]

  init(_ strings: [String]) { pointers = strings.map { strdup($0) } }

  deinit { for pointer in pointers { free(pointer) } }
}
