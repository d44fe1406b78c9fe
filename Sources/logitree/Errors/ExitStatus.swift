import Evaluation
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Report
import Store
import Threads

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
    switch error {
    case is Interrupted: self = .interrupted
    case let error as LogitStreamError: self.init(error)
    case let error as BuildError: self.init(error)
    case let error as StoreError: self.init(error)
    case let error as NamesError: self.init(error)
    case let error as EvaluationError: self.init(error)
    case is CutError, is NodeNameError: self = .usage
    // Shards of a sweep, like those that a combine misses: to run it again at once would not help.
    case is IncompleteHierarchy: self = .noInput
    // Merges of the program's own that make no tree.
    case is HierarchyError: self = .internalError
    default: return nil
    }
  }

  private init(_ error: LogitStreamError) {
    switch error {
    case .noSuchFile, .unreadableFile, .noSuchDataset: self = .noInput
    case .inputOutput: self = .inputOutput
    case .noSuchRows: self = .usage
    default: self = .badData
    }
  }

  private init(_ error: BuildError) {
    switch error {
    case .invalidLogit, .noFiniteLogit, .neverWritten, .noValidRows, .changedBetweenPasses: self = .badData
    case .notEnoughMemory: self = .usage
    }
  }

  private init(_ error: StoreError) {
    switch error {
    case .noSuchStore, .noSuchShards, .notADirectory, .noScannedShards, .missingShards, .missingRows: self = .noInput
    case .notAStore, .newerFormat, .olderFormat, .damaged, .noAssignments, .sourceShrank, .sourceChanged, .otherSource,
      .otherClusters, .otherShard, .damagedShard, .isShard, .otherStore, .rowsChanged:
      self = .badData
    case .sourceGone: self = .noInput
    case .notASource: self = .usage
    case .unfinished, .unfinishedUpdate, .pending, .locked: self = .interrupted
    case .outputIsNoStore, .outputIsNoShard, .cannotCreate: self = .cannotCreate
    case .cannotWrite, .cannotRead: self = .inputOutput
    }
  }

  private init(_ error: NamesError) {
    switch error {
    case .unreadable: self = .noInput
    case .wrongCount, .notUTF8, .emptyName: self = .badData
    }
  }

  private init(_ error: EvaluationError) {
    switch error {
    case .noSuchFile, .unreadable: self = .noInput
    case .badData: self = .badData
    }
  }
}
