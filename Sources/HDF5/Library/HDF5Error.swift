import Errors
import SystemPackage

/// What the HDF5 library could not do, with which file and object, and why.
public struct HDF5Error: CategorizedError, Sendable, Equatable {
  /// What was tried, in plain words that follow "can't": "open dataset".
  public var operation: String
  /// The path of the file.
  public var file: String
  /// The path of the object inside the file, if it was about one.
  public var object: String?
  /// The reason: the most specific message the library gave.
  public var message: String
  /// The system's code, if a system call failed: then it is not the file that is wrong.
  public var systemError: Errno?

  package init(
    operation: String, file: String, object: String? = nil, message: String, systemError: Errno? = nil
  ) {
    self.operation = operation
    self.file = file
    self.object = object
    self.message = message
    self.systemError = systemError
  }

  public var category: ErrorCategory {
    switch systemError {
    // Nothing can be looked up in a pipe: to try again would not help.
    case nil, .illegalSeek: .badData
    case .noSuchFileOrDirectory: .missing
    default: .inputOutput
    }
  }
}

extension HDF5Error {
  static let otherFormat = "not an HDF5 file"

  /// Whether all that is wrong is that the file is of another format.
  package var isOfOtherFormat: Bool { message == Self.otherFormat }
}

extension HDF5Error {
  /// For example `logits.h5:/train: can't read rows: inflate() failed`.
  public var description: String {
    let location = object.map { "\(file):\($0)" } ?? file
    return "\(location): can't \(operation): \(message)"
  }
}
