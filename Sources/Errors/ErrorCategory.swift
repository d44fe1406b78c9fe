/// What kind of thing went wrong, whatever it was about. A program's exit code follows from it.
public enum ErrorCategory: Sendable {
  /// Something was asked for that can't be.
  case usage
  /// Data is not what it should be.
  case badData
  /// Something that is needed is not there, or may not be read.
  case missing
  /// Something can't be created, or may not be written over.
  case cannotCreate
  /// The system could not read or write: to try again may help.
  case inputOutput
  /// The work was stopped, or is not done yet: it goes on when it is run again.
  case interrupted
  /// The program contradicts itself.
  case internalFault
}

/// An error that says what kind of thing went wrong, and describes the facts.
public protocol CategorizedError: Error, CustomStringConvertible {
  var category: ErrorCategory { get }
}
