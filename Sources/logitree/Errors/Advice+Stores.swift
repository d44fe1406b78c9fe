import Report
import Store

/// Messages about stores and shards.
extension Advice {
  static func message(_ error: StoreError) -> Message {
    switch error {
    case .noSuchStore, .notAStore:
      "\(error); logitree build makes one"
    case .unfinished:
      "\(error); run the same command (build, update or combine) again, and it goes on where it was"
    case .pending:
      "\(error); run logitree sweep for each share and logitree combine, or logitree build with the same inputs and options"
    case .newerFormat:
      "\(error); use a newer logitree"
    case .olderFormat:
      "\(error); build it again"
    case .damagedSupport:
      "\(error); logitree support makes it anew"
    case .damagedTaxonomy:
      "\(error); logitree annotate keeps it anew"
    case .supportOfOtherStrategy:
      "\(error); build a store without --strategy for it"
    case .noSketches:
      "\(error); bring them back, or build it anew with --sketch-width 32"
    case .damaged:
      "\(error); remove the store and build it again"
    case .unchangeable:
      "\(error); copy it to where you may write"
    case .locked:
      "\(error); run again when that is done"
    case .outputIsNoStore:
      "\(error); choose another name, or remove it"
    case .holdsOtherInputs:
      "\(error); choose another name, add inputs to it with logitree update, or lose it with --replace"
    case .outputIsNoShard:
      "\(error); choose another directory for shards, or remove it"
    case .lostPlacements:
      "\(error); run the same again"
    case .sourceShrank(let file, _, _, _), .sourceChanged(let file, _):
      "\(error); --rescan \(command: Shell.quoted(file)) takes it in anew"
    case .otherSource:
      "\(error); --rescan can't mend that, build anew"
    case .otherType(_, let said, let known, _):
      "\(error): say \(known.argument), or, if these rows really are \(said.argument), --trust-type too"
    case .otherKind(_, let kind, _):
      "\(error); convert them, or build a store of all inputs with --kind \(kind.rawValue)"
    case .sourceGone(.earlierStream, _):
      """
      \(error). Take estimates with --allow-estimates, or build the store anew from all rows, with --spool DIR or a larger \
      --sketch-width
      """
    case .sourceGone(.streamEnded, _):
      """
      \(error). Send the rows again with --spool DIR, which keeps them on disk while they are needed, or with a larger \
      --sketch-width; or take estimates with --allow-estimates: after a build, logitree update STORE --allow-estimates takes \
      them without the rows
      """
    case .sourceGone:
      "\(error); bring the file back, or take estimates with --allow-estimates"
    default:
      shardMessage(error)
    }
  }

  private static func shardMessage(_ error: StoreError) -> Message {
    switch error {
    case .noSuchShards:
      "\(error); logitree scan --shard and logitree sweep --shard make shards"
    case .noScannedShards:
      "\(error); logitree scan --shard makes them"
    case .missingShards(let work):
      work.shards.count == 1
        ? "a shard is missing; this makes it:\(lines(commands(work)))"
        : "\(work.shards.count) shards are missing; these make them:\(lines(commands(work)))"
    case .damagedShard(let path, let cause, let work):
      "\(path): damaged: \(shardDamage(cause)); this makes it anew:\(lines(commands(work)))"
    case .otherShards(let shards, _):
      shards.count > 1
        ? "\(error); make them again, or remove them" : "\(error); make it again, or remove it"
    case .repeatedRows:
      "\(error); remove the shards of one of the scans"
    case .outdatedShards:
      "\(error); remove these, and scan all shares again"
    case .storeHasMoreRows:
      "\(error); scan all of its inputs, choose another name, or lose it with --replace"
    case .storeHasOtherContent:
      "\(error); scan again, choose another name, or lose the store with --replace"
    case .isShard:
      "\(error); logitree combine makes a store of all shards"
    case .unfinishedUpdate:
      "\(error); run the same again, and it goes on where it was, or choose another name"
    case .rowsChanged(_, let scan?):
      "\(error); remove the shards of that scan, and run all steps again:\(lines(commands(scan)))"
    case .rowsChanged(_, nil):
      "\(error); remove the shards of that scan, and run all steps again"
    default:
      "\(error)"
    }
  }

  private static func shardDamage(_ error: StoreError) -> Message {
    if case .damaged(_, let reason) = error { "\(reason)" } else { message(error) }
  }

  /// Commands, a line each, of many shards only the first.
  private static func lines(_ commands: [String]) -> Message {
    let most = 1000
    let some = commands.prefix(most).map { "\n  \(command: $0)" as Message }.joined()
    return commands.count > most ? "\(some)\nand \(commands.count - most) more" : some
  }
}
