import CHDF5

/// An identifier of the C library, closed when the handle goes out of scope, or before by ``close(_:_:)``.
struct Handle: ~Copyable, Sendable {
  typealias Close = @convention(c) @Sendable (hid_t) -> herr_t

  let id: hid_t
  private let close: Close

  /// Takes over a valid identifier, to be closed by `close`.
  init(owning id: hid_t, close: @escaping Close) {
    self.id = id
    self.close = close
  }

  /// Closes the identifier.
  consuming func close(_ subject: Subject, _ operation: String) throws(HDF5Error) {
    let (id, close) = (id, close)
    discard self
    try withLibrary { () throws(HDF5Error) in try subject.check(operation, close(id)) }
  }

  // Of what is only read, or given up, it makes no difference whether it can be closed.
  deinit {
    withLibrary { _ = close(id) }
  }
}
