import CHDF5

/// An identifier of the C library, closed when the handle goes out of scope.
struct Handle: ~Copyable, Sendable {
  typealias Close = @convention(c) @Sendable (hid_t) -> herr_t

  let id: hid_t
  private let close: Close

  /// Takes over a valid identifier, to be closed by `close`.
  init(owning id: hid_t, close: @escaping Close) {
    self.id = id
    self.close = close
  }

  deinit {
    withLibrary { _ = close(id) }
  }
}
