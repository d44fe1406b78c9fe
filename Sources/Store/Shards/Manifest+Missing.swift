import LogitStream
import LogitsToHierarchy

/// What is missing of a scan, and what has to be done for it.
extension Manifest {
  /// The error for rows that no shard has. If there are shares with exactly these rows, it names the shards to make.
  /// Such shares are of as many as some shard that is there.
  func missing(_ rows: [RowSlice], among shards: [Shard]) throws -> StoreError {
    let source = try LogitSource(sources.map(\.input))
    for (count, shards) in Dictionary(grouping: shards, by: \.share.count).sorted(by: { $0.key < $1.key }) {
      guard let shares = Share.all(of: count, with: rows, of: source) else { continue }
      let parent = shards[0].parent
      return outdated(among: shards) ?? .missingShards(scan(shares.map { ShardLocation(share: $0, parent: parent) }))
    }
    return .missingRows(
      rows.map { "rows \($0.rows.lowerBound)..<\($0.rows.upperBound) of \(sources[$0.input].input.location)" })
  }

  /// The error if no shards can be made any more that go with those that are there; nil if they can be made.
  private func outdated(among shards: [Shard]) -> StoreError? {
    let changes = sources.map(\.change)
    guard changes.contains(where: { !$0.isNone }) else { return nil }
    func error(_ index: Int, _ change: StoreError.InputChange) -> StoreError {
      .outdatedShards(shards[0].parent, input: sources[index].input.location, change)
    }
    for (index, change) in changes.enumerated() { if case .changed = change { return error(index, .changed) } }
    guard rowChoice(changes) == nil else { return nil }
    return changes.firstIndex { if case .grown = $0 { true } else { false } }.map { error($0, .grown) }
  }

  /// What was scanned, of inputs that may have grown since.
  package var scannedData: ScannedData {
    let rows: Range<Int>? = if case .some(let chosen)? = rowChoice(sources.map(\.change)) { chosen } else { nil }
    return ScannedData(
      inputs: sources.map { $0.input.topK == nil ? $0.input.location : $0.input.file },
      isTransposed: sources.contains { $0.input.isTransposed },
      topK: sources.first?.input.specification.topK, raw: sources.first?.input.raw, rows: rows,
      hasNames: names != names.indices.map(String.init), namesFile: namesFile, options: options)
  }

  /// Shards of the same scan.
  func scan(_ shards: [ShardLocation]) -> ShardWork { .scan(scannedData, shards) }

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
  /// The error for rows that are no longer those that were scanned. It says what has to be done again.
  func rowsChanged(at positions: [String], sweptInto parent: String, store path: String) -> StoreError {
    // For the message only: what can't be read is not named.
    let scans = ((try? Shard.all(in: [parent])) ?? []).filter { shard in
      guard shard.step == .scan, let known = try? shard.complete() else { return false }
      return known.goesWith(self)
    }
    guard !scans.isEmpty else { return .rowsChanged(positions, nil) }
    return .rowsChanged(
      positions,
      OutdatedScan(
        directories: scans.map(\.directory.path), data: scannedData, shards: scans.map(\.location), store: path))
  }
}

extension Share {
  /// The shares, of `count`, that together have exactly some rows; nil if there are none such.
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
