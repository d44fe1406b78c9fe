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
    case LogitStreamError.interrupted: message(Interrupted())
    case let error as LogitStreamError: message(error)
    case let error as BuildError: message(error)
    case let error as StoreError: message(error)
    case let error as EvaluationError: message(error)
    case let error as CalibrationError: message(error)
    case let error as NoLevelStandsOut:
      error.groups.map { "\(error); choose a number of groups, as -k \($0), or look at logitree levels" }
        ?? "\(error); choose a number of groups with -k"
    case let error as UnfinishedSupport: message(error)
    case OptionWithoutEffect.noSupport(let option, let store):
      "\(OptionWithoutEffect.noSupport(option: option, store: store)); logitree support \(command: Shell.quoted(store)) finds it"
    case let error as Interrupted:
      error.keepsWork
        ? "\(error); what was finished is kept. Run the same again, and it goes on from there"
        : "\(error) before anything was finished; run the same again"
    case Store.SourceFinding.unreadable(let error): message(error)
    default: "\(error)"
    }
  }

  private static func message(_ error: UnfinishedSupport) -> Message {
    let hierarchy: Message = "\(error.store) has the hierarchy, which is complete"
    return error.cause is Interrupted
      ? "\(error); \(hierarchy). Its support goes on with \(command: error.command)"
      : "\(message(error.cause)). \(hierarchy); \(command: error.command) finds its support"
  }

  /// What has become of a store's support, which was of other rows.
  static func droppedSupport(of store: String, isFoundAnew: Bool) -> Message {
    isFoundAnew
      ? "\(store): its support was of other rows, and is found anew"
      : "\(store): its support was of other rows, and is dropped; logitree support \(command: Shell.quoted(store)) finds it anew"
  }

  /// What has become of a store's taxonomy, which was of other classes.
  static func droppedTaxonomy(of store: String) -> Message {
    "\(store): its taxonomy was of other classes, and is dropped; logitree annotate \(command: Shell.quoted(store)) keeps another"
  }

  /// Why the taxonomy that a store has names nothing.
  static func uselessTaxonomy(_ error: EvaluationError) -> Message {
    "\(message(error)); so groups are named by their members. logitree annotate keeps another taxonomy, or none"
  }

  /// Where the support of groups is to be had, if it is not known.
  static func supportOfLevels(_ store: String) -> Message {
    "The support of groups is not known; logitree support \(command: Shell.quoted(store)) finds it."
  }
}
