import Errors

/// Exit codes, after BSD's sysexits.h.
enum ExitStatus: Int32 {
  case usage = 64
  case badData = 65
  case noInput = 66
  case internalError = 70
  case cannotCreate = 73
  case inputOutput = 74
  case interrupted = 75

  /// The code for an error of the project's own; nil for others, which are the argument parser's.
  init?(_ error: any Error) {
    guard let error = error as? any CategorizedError else { return nil }
    self.init(error.category)
  }

  init(_ category: ErrorCategory) {
    self =
      switch category {
      case .usage: .usage
      case .badData: .badData
      case .missing: .noInput
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      case .interrupted: .interrupted
      case .internalFault: .internalError
      }
  }
}
