import Evaluation
import LogitStream
import LogitsToHierarchy
import Report
import Store
import Threads

/// What a message says: an error's own words, and the flags and commands that help.
enum Advice {
  /// The complete message for an error.
  static func message(_ error: any Error) -> Message {
    switch error {
    case let error as LogitStreamError: message(error)
    case let error as BuildError: message(error)
    case let error as StoreError: message(error)
    case let error as EvaluationError: message(error)
    case let error as CalibrationError: message(error)
    case let error as NoLevelStandsOut:
      error.groups.map { "\(error); choose a number of groups, as -k \($0), or look at logitree levels" }
        ?? "\(error); choose a number of groups with -k"
    case let error as Interrupted:
      error.keepsWork
        ? "\(error); what was finished is kept. Run the same again, and it goes on from there"
        : "\(error) before anything was finished; run the same again"
    case Store.SourceFinding.unreadable(let error): message(error)
    default: "\(error)"
    }
  }

  /// Where the support of groups is to be had, if it is not known.
  static func supportOfLevels(_ store: String) -> Message {
    "The support of groups is not known; logitree support \(command: Shell.quoted(store)) finds it."
  }
}
