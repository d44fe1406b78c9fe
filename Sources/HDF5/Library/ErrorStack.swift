import CHDF5

/// The most specific message on the library's error stack, if there is one.
func innermostMessage() -> String? {
  var message: String?
  withUnsafeMutablePointer(to: &message) { message in
    // Upward: from where the error was found to the function that was called.
    _ = H5Ewalk2(
      CHDF5_DEFAULT_ERROR_STACK, H5E_WALK_UPWARD,
      { depth, entry, message in
        if depth == 0, let text = entry?.pointee.desc {
          message?.assumingMemoryBound(to: String?.self).pointee = String(cString: text)
        }
        return 0
      }, message)
  }
  guard let message, !message.isEmpty else { return nil }
  return withoutCallDetails(message)
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
