import ArgumentParser
import Hierarchy
import LogitsToHierarchy
import Report
import Store

/// The option of commands that cut a tree to cut it where it is best.
struct AutomaticLevel: ParsableArguments {
  @Flag(help: "Cut the tree into the number of groups that levels recommends first.")
  var auto = false

  /// The recommended number of groups. Says which it is, and why.
  ///
  /// - Throws: ``NoLevelStandsOut``, and what reading the store throws.
  func groups(of stored: StoredHierarchy, in store: Store, at path: String) throws -> Int {
    Interruption.watch()
    return try groups(
      of: stored, in: store, at: path, RunResources(memory: RunResources().memory, threads: RunOptions.cores),
      ProgressReporter(isQuiet: true), isQuiet: false)
  }

  func groups(
    of stored: StoredHierarchy, in store: Store, at path: String, _ options: RunOptions, _ reporter: ProgressReporter
  ) throws -> Int {
    try groups(of: stored, in: store, at: path, options.resources, reporter, isQuiet: options.quiet)
  }

  private func groups(
    of stored: StoredHierarchy, in store: Store, at path: String, _ resources: RunResources,
    _ reporter: ProgressReporter, isQuiet: Bool
  ) throws -> Int {
    let levels = try store.levels(of: stored, resources: resources, observer: reporter)
    guard let first = levels.recommended.first, let level = levels.level(first) else {
      throw NoLevelStandsOut(
        store: path, reason: levels.reasonForNone, groups: levels.furthestAboveChance?.groups)
    }
    if !isQuiet { Console.note("\(path): cut into \(Text.count(first, "group")): \(level.reason)") }
    return first
  }
}
