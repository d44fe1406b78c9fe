import CHDF5

/// The file and object that calls of the library are about. It turns their failures into errors that name both.
///
/// Must be used inside ``withLibrary(_:)``: the next call of the library overwrites the reason of a failure.
struct Subject: Sendable {
  let file: String
  var object: String?

  /// The result of a call that reports failure by a negative number. One that a signal has interrupted is made again.
  ///
  /// - Throws: ``HDF5Error``, also if the library keeps to itself that it could not read what it needed.
  @discardableResult
  func check<Status: SignedInteger>(
    _ operation: String, _ call: @autoclosure () -> Status
  ) throws(HDF5Error) -> Status {
    let failures = ReadFailures.count
    let status = try attempt(operation, call())
    try ReadFailures.check(since: failures, self, operation)
    return status
  }

  private func attempt<Status: SignedInteger>(
    _ operation: String, _ call: @autoclosure () -> Status
  ) throws(HDF5Error) -> Status {
    while true {
      let status = call()
      guard status < 0 else { return status }
      let failure = failure(operation)
      guard failure.systemError == .interrupted else { throw failure }
    }
  }

  /// The identifier that a call returns, as a handle.
  func open(
    _ operation: String, closingWith close: @escaping Handle.Close, _ call: @autoclosure () -> hid_t
  ) throws(HDF5Error) -> Handle {
    let failures = ReadFailures.count
    let handle = Handle(owning: try attempt(operation, call()), close: close)
    try ReadFailures.check(since: failures, self, operation)
    return handle
  }

  /// The error for a call that has just failed, with the library's reason.
  func failure(_ operation: String) -> HDF5Error {
    let failure = Failure.last
    var error = error(operation, failure.message ?? "the HDF5 library gives no reason")
    error.systemError = failure.systemError
    return error
  }

  func error(_ operation: String, _ message: String) -> HDF5Error {
    HDF5Error(operation: operation, file: file, object: object, message: message)
  }
}
