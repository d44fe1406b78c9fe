import LogitStream
import LogitsToHierarchy

/// Commands that make shards of the same scan, for messages.
extension Manifest {
  /// An error that says which rows no shard has, with the commands that make them if there are shares, of as many as some
  /// shards are of, that have these rows and no others.
  func missing(_ rows: [RowSlice], among shards: [Shard]) throws -> StoreError {
    let source = try LogitSource(sources.map(\.input))
    for (count, shards) in Dictionary(grouping: shards, by: \.share.count).sorted(by: { $0.key < $1.key }) {
      guard let shares = Share.all(of: count, with: rows, of: source) else { continue }
      let parent = shards[0].parent
      return outdated(among: shards) ?? .missingShards(commands: scanCommands(shares.map { ($0, parent) }))
    }
    return .missingRows(
      rows.map { "rows \($0.rows.lowerBound)..<\($0.rows.upperBound) of \(sources[$0.input].input.location)" })
  }

  /// An error that says why no shards can be made any more that go with those that are there; nil if they can.
  private func outdated(among shards: [Shard]) -> StoreError? {
    let changes = sources.map(\.change)
    guard changes.contains(where: { !$0.isNone }) else { return nil }
    func error(_ index: Int, _ change: String) -> StoreError {
      .otherShard(
        shards[0].parent,
        reason:
          "shards are missing, and can't be made any more, for \(sources[index].input.location) \(change) since the others "
          + "were; remove these, and scan all shares again")
    }
    for (index, change) in changes.enumerated() { if case .changed = change { return error(index, "has changed") } }
    guard rowChoice(changes) == nil else { return nil }
    return changes.firstIndex { if case .grown = $0 { true } else { false } }.map { error($0, "has grown") }
  }

  /// The commands that make shards of the same scan, each in its directory, of inputs that may have grown since.
  func scanCommands(_ shards: [(share: Share, parent: String)]) -> [String] {
    let rows = rowChoice(sources.map(\.change)) ?? .all
    return shards.map { scanCommand($0.share, into: $0.parent, rows) }
  }

  private func scanCommand(_ share: Share, into parent: String, _ rows: RowChoice) -> String {
    var words = ["logitree", "scan"] + sources.map { Shell.quoted($0.input.location) }
    if sources.contains(where: { $0.input.isTransposed }) { words.append("--transposed") }
    if case .some(let chosen) = rows {
      words += ["--rows", Shell.quoted("\(chosen.lowerBound)..<\(chosen.upperBound)")]
    }
    if names != names.indices.map(String.init) { words += ["--names", namesFile.map(Shell.quoted) ?? "FILE"] }
    if options.meaning.kind != .logits { words += ["--kind", options.meaning.kind.rawValue] }
    if options.meaning.temperature != 1 { words += ["--temperature", "\(options.meaning.temperature)"] }
    if options.aggregation != .sumOfMeans { words += ["--score", options.aggregation.rawValue] }
    if options.meaning.invalidRows != .fail { words += ["--on-invalid", options.meaning.invalidRows.rawValue] }
    if options.sketchWidth != BuildOptions().sketchWidth { words += ["--sketch-width", "\(options.sketchWidth)"] }
    return (words + ["--shard", "\(share)", "-o", Shell.quoted(parent)]).joined(separator: " ")
  }

  /// What of a data set a command is to take.
  private enum RowChoice {
    case all
    case some(Range<Int>)
  }

  /// The rows that were taken, counted over all inputs as they are now; nil if they don't lie next to each other any more.
  private func rowChoice(_ changes: [Manifest.Source.Change]) -> RowChoice? {
    var next: Int?
    var chosen: Range<Int>?
    var total = 0
    for (source, change) in zip(sources, changes) {
      let rows = source.input.rowRange
      let start = total + rows.lowerBound
      guard next == nil || next == start else { return nil }
      next = total + rows.upperBound
      chosen = (chosen?.lowerBound ?? start)..<total + rows.upperBound
      if case .grown(let arrayRows) = change { total += arrayRows } else { total += source.input.arrayRows }
    }
    guard let chosen else { return .all }
    return chosen == 0..<total ? .all : .some(chosen)
  }
}

extension Manifest {
  /// An error that says that rows which `store` was scanned from are others now, and how all is done again.
  func rowsChanged(at positions: [String], sweptInto parent: String, store path: String) -> StoreError {
    let scans = ((try? Shard.all(in: [parent])) ?? []).filter { shard in
      guard shard.step == .scan, let known = try? shard.complete() else { return false }
      return known.goesWith(self)
    }
    guard !scans.isEmpty else { return .rowsChanged(positions, commands: []) }
    let directories = scans.map { Shell.quoted($0.directory.path) }.joined(separator: " ")
    return .rowsChanged(
      positions,
      commands: ["rm -r \(directories)"] + scanCommands(scans.map { ($0.share, $0.parent) }) + [
        "logitree combine \(Shell.quoted(scans[0].parent)) -o \(Shell.quoted(path))"
      ])
  }
}

extension Share {
  /// The shares of `count` that have some rows, and no others; nil if there are none such.
  fileprivate static func all(of count: Int, with rows: [RowSlice], of source: LogitSource) -> [Share]? {
    var found: [Share] = []
    var rest = rows.reduce(0) { $0 + $1.rows.count }
    for share in all(of: count) {
      let slices = share.slices(of: source)
      guard
        slices.contains(where: { slice in rows.contains { $0.input == slice.input && $0.rows.overlaps(slice.rows) } })
      else { continue }
      found.append(share)
      rest -= slices.reduce(0) { $0 + $1.rows.count }
    }
    // They have all of these rows; if they are as many, they have no others.
    return rest == 0 ? found : nil
  }
}
