import CHDF5
import SystemPackage

/// What the library has on its error stack of the call that has just failed.
struct Failure {
  /// The most specific message, if there is one.
  private(set) var message: String?
  /// The code of the system call that failed, if one did.
  private(set) var systemError: Errno?

  /// What is there now. Any call of the library takes it away.
  static var last: Failure {
    var failure = Failure()
    withUnsafeMutablePointer(to: &failure) { failure in
      // Upward: from where the error was found to the function that was called.
      _ = H5Ewalk2(
        CHDF5_DEFAULT_ERROR_STACK, H5E_WALK_UPWARD,
        { depth, entry, failure in
          if let text = entry?.pointee.desc {
            failure?.assumingMemoryBound(to: Failure.self).pointee.add(String(cString: text), isInnermost: depth == 0)
          }
          return 0
        }, failure)
    }
    return failure
  }

  private mutating func add(_ text: String, isInnermost: Bool) {
    if isInnermost, !text.isEmpty { message = withoutCallDetails(text) }
    // Where the system call was made: others further up may tell of what came of it.
    if systemError == nil { systemError = code(in: text) }
  }
}

/// The system's code in the message of a failed system call.
func code(in message: String) -> Errno? {
  guard let label = message.firstRange(of: "errno = ") else { return nil }
  let digits = message[label.upperBound...].prefix { $0.isASCII && $0.isNumber }
  return Int32(digits).flatMap { $0 == 0 ? nil : Errno(rawValue: $0) }
}

/// Shortens the message of a failed system call to what a user can act on.
///
/// The library's messages hold addresses and flags: "file read failed: time = …, errno = 5, error message =
/// 'Input/output error', buf = 0x7f…, …" becomes "file read failed: Input/output error". Others stay as they are.
func withoutCallDetails(_ message: String) -> String {
  guard
    let label = message.firstRange(of: "error message = '"),
    let end = message[label.upperBound...].firstIndex(of: "'")
  else { return message }
  let action = message.prefix { $0 != ":" && $0 != "," }
  return "\(action): \(message[label.upperBound..<end])"
}
