import LogitStream

/// Why a store can't be read or written.
package enum StoreError: Error, Sendable, Equatable {
  case noSuchStore(String)
  case notAStore(String)
  case unfinished(String)
  case pending(String)
  case newerFormat(String, found: Int, known: Int)
  case olderFormat(String, found: Int)
  case damaged(String, reason: String)
  case noAssignments(String)
  case locked(String)
  case outputIsNoStore(String)
  case outputIsNoShard(String)
  case cannotCreate(String, reason: String)
  case cannotWrite(String, reason: String)
  case cannotRead(String, reason: String)
  case sourceShrank(String, dataset: String, known: Int, found: Int)
  case sourceChanged(String, dataset: String)
  case otherSource(String, dataset: String, reason: String)
  case sourceGone(String, steps: [Int])
  case notASource(String, store: String)
  case noSuchShards(String)
  case noScannedShards([String])
  case missingShards(commands: [String])
  case missingRows([String])
  case otherShard(String, reason: String)
  case damagedShard(String, reason: String, commands: [String])
  case isShard(String)
  case notADirectory(String)
  case otherStore(String, reason: String)
  case unfinishedUpdate(String)
  case rowsChanged([String], commands: [String])
  case otherClusters(location: String, found: Int, store: String, expected: Int)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noSuchStore(let path):
      "\(path): no such store; logitree build makes one"
    case .notAStore(let path):
      "\(path): not a store of logitree's; logitree build makes one"
    case .unfinished(let path):
      "\(path): its build was interrupted; run the same command (build, update or combine) again, and it goes on where it was"
    case .pending(let path):
      "\(path): waits for exact evidence; run logitree sweep for each share and logitree combine, or logitree build with "
        + "the same inputs and options"
    case .newerFormat(let path, let found, let known):
      "\(path): has format version \(found), and this program knows versions up to \(known); use a newer logitree"
    case .olderFormat(let path, let found):
      "\(path): has format version \(found), which this program no longer reads; build it again"
    case .damaged(let path, let reason):
      "\(path): damaged: \(reason); remove the store and build it again"
    case .noAssignments(let path):
      "\(path): does not tell the clusters of its rows: it is of an earlier version, built without sketches; build it again"
    case .locked(let path):
      "\(path): another logitree is writing to it; run again when that is done"
    case .outputIsNoStore(let path):
      "\(path): exists and is no store, so it is left alone; choose another name, or remove it"
    case .outputIsNoShard(let path):
      "\(path): exists and is no shard, so it is left alone; choose another directory for shards, or remove it"
    case .cannotCreate(let path, let reason):
      "\(path): can't be created: \(reason)"
    case .cannotWrite(let path, let reason):
      "\(path): can't be written: \(reason)"
    case .cannotRead(let path, let reason):
      "\(path): can't be read: \(reason)"
    case .sourceShrank(let file, let dataset, let known, let found):
      "\(LogitInput.location(file, dataset)): has \(found) rows, and had \(known) when the store was built; "
        + "--rescan \(file) takes it in anew"
    case .sourceChanged(let file, let dataset):
      "\(LogitInput.location(file, dataset)): its rows are not those the store was built from; --rescan \(file) takes it in anew"
    case .otherSource(let file, let dataset, let reason):
      "\(LogitInput.location(file, dataset)): \(reason); --rescan can't mend that, build anew"
    case .sourceGone(let reason, let steps):
      "\(reason). Its rows must be read again to decide "
        + (steps.count == 1 ? "merge \(steps[0])" : "merges " + Self.list(steps))
        + "; bring the file back, or take estimates with --allow-estimates"
    case .notASource(let file, let store):
      "\(file): is none of the inputs that \(store) was built from"
    case .noSuchShards(let directory):
      "\(directory): no such directory; logitree scan --shard and logitree sweep --shard make shards"
    case .noScannedShards(let directories):
      "\(directories.joined(separator: ", ")): no shards of a scan are there; logitree scan --shard makes them"
    case .missingShards(let commands):
      "\(commands.count == 1 ? "a shard is" : "\(commands.count) shards are") missing; "
        + "\(commands.count == 1 ? "this makes it" : "these make them"):" + Self.lines(commands)
    case .missingRows(let locations):
      "no shard has " + locations.joined(separator: ", nor ")
    case .otherShard(let path, let reason):
      "\(path): \(reason)"
    case .damagedShard(let path, let reason, let commands):
      "\(path): damaged: \(reason); this makes it anew:" + Self.lines(commands)
    case .isShard(let path):
      "\(path): is a shard of a build, not a store; logitree combine makes a store of all shards"
    case .notADirectory(let path):
      "\(path): is no directory, as shards are in"
    case .otherStore(let path, let reason):
      "\(path): \(reason)"
    case .unfinishedUpdate(let path):
      "\(path): a run that takes in more rows than these shards have was interrupted; run the same again, and it goes on "
        + "where it was, or choose another name"
    case .rowsChanged(let locations, let commands):
      "\(locations.joined(separator: ", ")): its rows are not those that were scanned; remove the shards of that scan, and run "
        + "all steps again" + (commands.isEmpty ? "" : ":") + Self.lines(commands)
    case .otherClusters(let location, let found, let store, let expected):
      "\(location): has \(found) columns, but \(store) is of \(expected) clusters"
    }
  }

  /// Commands, a line each, of many shards only the first.
  private static func lines(_ commands: [String]) -> String {
    let most = 1000
    let some = commands.prefix(most).map { "\n  " + $0 }.joined()
    return some + (commands.count > most ? "\nand \(commands.count - most) more" : "")
  }

  private static func list(_ steps: [Int]) -> String {
    steps.prefix(20).map(String.init).joined(separator: ", ")
      + (steps.count > 20 ? " and \(steps.count - 20) more" : "")
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
