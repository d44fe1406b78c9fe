import Checksums
import Errors
import Files
import HDF5
import LogitStream
import LogitsToHierarchy

/// Why a store can't be read or written.
public indirect enum StoreError: CategorizedError, Sendable, Equatable {
  case noSuchStore(String)
  case notAStore(String)
  case unfinished(String)
  case pending(String)
  case newerFormat(String, found: Int, known: Int)
  case olderFormat(String, found: Int)
  case damaged(String, reason: String)
  /// Trees of rows drawn anew that are not what was written; all else is as it was.
  case damagedSupport(String, reason: String)
  /// A taxonomy that is not what was kept; all else is as it was.
  case damagedTaxonomy(String, reason: String)
  /// Sound by itself, but not what it should be.
  case inconsistent(String, reason: String)
  /// What is wanted is learnt from sketches, and a store has none; and why its rows can't be read again.
  case noSketches(String, LogitStreamError)
  /// Support is of the method's own trees, and a store's is not.
  case supportOfOtherStrategy(String, MergeStrategy)
  /// Blocks, given at a location, of which all rows of a store are in one.
  case oneBlock(String)
  case locked(String)
  /// A store that is on a disk that can't be written to, or that may only be read, and why.
  case unchangeable(String, String)
  case outputIsNoStore(String)
  case outputIsNoShard(String)
  /// A store would be lost that has rows of other inputs than those that are to take its place.
  case holdsOtherInputs(String, [Holding])
  case outputIsInput(String)
  /// The file of results would be in a store or shard.
  case outputIsInStore(String, store: String)
  case inTheWay(String, of: String)
  /// The system could not read, write or create a file.
  case file(FileError)
  /// The system could not read a file for the HDF5 library.
  case cannotRead(String, HDF5Error)
  case cannotWrite(String, HDF5Error)
  case notEncodable(String, reason: String)
  /// Placements that were finished are damaged now.
  case lostPlacements(String, rows: Range<Int>)
  case sourceShrank(String, dataset: String, known: Int, found: Int)
  case sourceChanged(String, dataset: String)
  case otherSource(String, dataset: String, reason: String)
  /// An input whose rows look like another kind than those of the store.
  case otherKind(location: String, kind: LogitKind, store: String)
  /// Numbers without a header that are said to be of another type than those the store has.
  case otherType(String, said: LogitFormat, known: LogitFormat, store: String)
  /// Rows that merges need are of an input that can't be opened.
  case sourceGone(LogitStreamError, steps: [Int])
  case notASource(String, store: String)
  case noSuchShards(String)
  case noScannedShards([String])
  case missingShards(ShardWork)
  case missingRows([String])
  /// Shards that can't be combined with another, and how they differ from it.
  case otherShards([String], difference: String)
  /// A shard that has rows of another.
  case repeatedRows(String, inconsistency: String)
  /// Shards of the directory are missing, and an input has changed since the others were made.
  case outdatedShards(String, input: String, InputChange)
  case damagedShard(String, StoreError, ShardWork)
  case isShard(String)
  case notADirectory(String)
  /// A store that shards would replace has rows that they have not.
  case storeHasMoreRows(String)
  /// A store that shards would replace is of inputs with another content, and the shards are not of the present one.
  case storeHasOtherContent(String)
  case unfinishedUpdate(String)
  case rowsChanged([String], OutdatedScan?)
  case otherClusters(location: String, found: Int, store: String, expected: Int)

  /// Rows that a store holds.
  public struct Holding: Sendable, Equatable {
    public var location: String
    public var rows: Int
  }

  /// What has become of an input.
  public enum InputChange: Sendable, Equatable {
    case changed, grown
  }
}

extension StoreError {
  /// The error for a file of a store that the HDF5 library could not read: the system's fault, or damage.
  init(reading path: String, _ error: HDF5Error) {
    self = error.systemError == nil ? .damaged(path, reason: error.message) : .cannotRead(path, error)
  }

  /// The error for a file of a store that could not be opened: the system's fault, or damage.
  init(opening path: String, _ error: FileError) {
    switch error.cause {
    case .system(.noSuchFileOrDirectory), .system(.notDirectory), .system(.tooManySymbolicLinkLevels):
      self = .damaged(path, reason: "it is not there")
    case .isDirectory, .isNotRegular: self = .damaged(path, reason: "it is no regular file")
    default: self = .file(error)
    }
  }

  /// The result of calls for files, whose errors are a store's here.
  static func files<Result: ~Copyable>(
    _ calls: @autoclosure () throws(FileError) -> Result
  ) throws(StoreError) -> Result {
    do throws(FileError) { return try calls() } catch { throw .file(error) }
  }

  /// The result of calls that write to an HDF5 file, which is called `path`.
  static func writing<Result: ~Copyable>(
    _ path: String, _ calls: () throws(HDF5Error) -> Result
  ) throws(StoreError) -> Result {
    do throws(HDF5Error) { return try calls() } catch { throw .cannotWrite(path, error) }
  }

  public var category: ErrorCategory {
    switch self {
    case .noSuchStore, .noSuchShards, .notADirectory, .noScannedShards, .missingShards, .missingRows, .sourceGone:
      .missing
    case .notAStore, .newerFormat, .olderFormat, .damaged, .damagedSupport, .damagedTaxonomy, .inconsistent,
      .supportOfOtherStrategy, .oneBlock, .sourceShrank,
      .sourceChanged, .otherSource, .otherKind, .otherClusters, .otherShards, .repeatedRows, .outdatedShards,
      .damagedShard,
      .isShard, .storeHasMoreRows, .storeHasOtherContent, .rowsChanged:
      .badData
    case .notASource, .otherType: .usage
    case .unfinished, .unfinishedUpdate, .pending, .locked: .interrupted
    case .unchangeable, .outputIsNoStore, .outputIsNoShard, .holdsOtherInputs, .outputIsInput, .outputIsInStore,
      .inTheWay:
      .cannotCreate
    case .cannotRead, .cannotWrite, .notEncodable, .lostPlacements: .inputOutput
    case .noSketches(_, let error): error.category
    case .file(let error): error.category
    }
  }
}

extension StoreError {
  public var description: String {
    switch self {
    case .noSuchStore(let path):
      "\(path): no such store"
    case .notAStore(let path):
      "\(path): not a store of logitree's"
    case .unfinished(let path):
      "\(path): its build was interrupted"
    case .pending(let path):
      "\(path): waits for exact evidence"
    case .newerFormat(let path, let found, let known):
      "\(path): has format version \(found), and this program knows versions up to \(known)"
    case .olderFormat(let path, let found):
      "\(path): has format version \(found), which this program no longer reads"
    case .damaged(let path, let reason), .damagedSupport(let path, let reason), .damagedTaxonomy(let path, let reason):
      "\(path): damaged: \(reason)"
    case .inconsistent(let path, let reason):
      "\(path): \(reason)"
    case .supportOfOtherStrategy(let path, let strategy):
      "\(path): was built with the strategy \(strategy.rawValue), and support is found of trees of the method's own alone"
    case .oneBlock(let location):
      "\(location): all rows are in one block, and to draw it anew tells nothing"
    case .noSketches(let path, let error):
      "\(path): keeps no sketches, so that its rows are read again, which can't be: \(error)"
    case .locked(let path):
      "\(path): another logitree is writing to it"
    case .unchangeable(let path, let reason):
      "\(path): can't be changed: \(reason)"
    case .outputIsNoStore(let path):
      "\(path): exists and is no store, so it is left alone"
    case .outputIsNoShard(let path):
      "\(path): exists and is no shard, so it is left alone"
    case .holdsOtherInputs(let path, let lost):
      "\(path): exists, and is a store of other inputs, so it is left alone: it has "
        + lost.prefix(3).map { "\($0.rows) rows of \($0.location)" }.joined(separator: ", ")
        + (lost.count > 3 ? " and of \(lost.count - 3) more" : "")
    case .outputIsInput(let path):
      "\(path): can't be created: it is an input"
    case .outputIsInStore(let path, let store):
      "\(path): can't be created: \(store) is a store or shard, and only its own files are in it"
    case .inTheWay(let path, let output):
      "\(output): can't be created: \(path) is in the way, which holds something else"
    case .file(let error):
      "\(error)"
    case .cannotRead(let path, let error):
      "\(path): can't be read: \(error.message)"
    case .cannotWrite(let path, let error):
      "\(path): can't be written: \(error.message)"
    case .notEncodable(let path, let reason):
      "\(path): can't be written: \(reason)"
    case .lostPlacements(let path, let rows):
      "\(path): can't be written: rows \(rows) were damaged since"
    case .sourceShrank(let file, let dataset, let known, let found):
      "\(LogitInput.location(file, dataset)): has \(found) rows, and had \(known) when the store was built"
    case .sourceChanged(let file, let dataset):
      "\(LogitInput.location(file, dataset)): its rows are not those the store was built from"
    case .otherSource(let file, let dataset, let reason):
      "\(LogitInput.location(file, dataset)): \(reason)"
    case .otherType(let location, let said, let known, let store):
      "\(location): is said to hold \(said), and the rows without a header that \(store) has are \(known)"
    case .otherKind(let location, let kind, let store):
      "\(location): seems to hold \(kind.rawValue), and \(store) was built from logits: \(kind.sign)"
    case .sourceGone(let error, let steps):
      "\(error). Its rows must be read again to decide "
        + (steps.count == 1 ? "merge \(steps[0])" : "merges " + Self.list(steps))
    case .notASource(let file, let store):
      "\(file): is none of the inputs that \(store) was built from"
    case .noSuchShards(let directory):
      "\(directory): no such directory"
    case .noScannedShards(let directories):
      "\(directories.joined(separator: ", ")): no shards of a scan are there"
    case .missingShards(let work):
      "\(work.shards.count == 1 ? "a shard is" : "\(work.shards.count) shards are") missing: \(work)"
    case .missingRows(let locations):
      "no shard has " + locations.joined(separator: ", nor ")
    case .otherShards(let paths, let difference):
      paths.listed + (paths.count > 1 ? ": each " : ": ") + difference
    case .repeatedRows(let path, let inconsistency):
      "\(path): \(inconsistency)"
    case .outdatedShards(let directory, let input, let change):
      "\(directory): shards are missing, and can't be made any more, for \(input) "
        + (change == .grown ? "has grown" : "has changed") + " since the others were"
    case .damagedShard(let path, .damaged(_, let reason), _):
      "\(path): damaged: \(reason)"
    case .damagedShard(let path, let error, _):
      "\(path): damaged: \(error)"
    case .isShard(let path):
      "\(path): is a shard of a build, not a store"
    case .notADirectory(let path):
      "\(path): is no directory, as shards are in"
    case .storeHasMoreRows(let path):
      "\(path): has rows that the shards have not, and would lose them"
    case .storeHasOtherContent(let path):
      "\(path): is of inputs with another content than the shards, which are not of the inputs as they are"
    case .unfinishedUpdate(let path):
      "\(path): a run that takes in more rows than these shards have was interrupted"
    case .rowsChanged(let locations, _):
      "\(locations.joined(separator: ", ")): its rows are not those that were scanned"
    case .otherClusters(let location, let found, let store, let expected):
      "\(location): has \(found) columns, but \(store) is of \(expected) clusters"
    }
  }

  private static func list(_ steps: [Int]) -> String {
    steps.map(String.init).listed
  }
}

extension StoreError {
  /// Whether the step that wrote a file does so again when it is run again, and the file is then as it should be.
  var isMendedByRepeating: Bool {
    switch self {
    case .damaged, .olderFormat: true
    default: false
    }
  }
}

extension Replacement {
  /// Does what ``Replacement/commit(_:)`` does, as part of a store's work.
  consuming func putInPlace(_ meant: FileSum) throws(StoreError) {
    do throws(FileError) { try commit(meant) } catch { throw .file(error) }
  }
}
