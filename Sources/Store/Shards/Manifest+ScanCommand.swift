import LogitStream
import LogitsToHierarchy

extension Manifest {
  /// An error that says which rows no shard has, with the commands that make them if there are shares, of as many as some
  /// shards are of, that have these rows and no others.
  func missing(_ rows: [RowSlice], among shards: [Shard]) throws -> StoreError {
    let source = try LogitSource(sources.map(\.input))
    for (count, shards) in Dictionary(grouping: shards, by: \.share.count).sorted(by: { $0.key < $1.key }) {
      guard let shares = Share.all(of: count, with: rows, of: source) else { continue }
      return .missingShards(commands: shares.map { scanCommand($0, into: shards[0].parent) })
    }
    return .missingRows(
      rows.map { "rows \($0.rows.lowerBound)..<\($0.rows.upperBound) of \(sources[$0.input].input.place)" })
  }

  /// The command that makes a shard of the same scan.
  private func scanCommand(_ share: Share, into parent: String) -> String {
    var words = ["logitree", "scan"] + sources.map { Shell.quoted($0.input.place) }
    if sources.contains(where: { $0.input.isTransposed }) { words.append("--transposed") }
    if let chosenRows { words += ["--rows", Shell.quoted("\(chosenRows)")] }
    if names != names.indices.map(String.init) { words += ["--names", namesFile.map(Shell.quoted) ?? "FILE"] }
    if options.kind != .logits { words += ["--kind", options.kind.rawValue] }
    if options.temperature != 1 { words += ["--temperature", "\(options.temperature)"] }
    if options.aggregation != .sumOfMeans { words += ["--score", options.aggregation.rawValue] }
    if options.invalidRows != .fail { words += ["--on-invalid", options.invalidRows.rawValue] }
    if options.sketchWidth != BuildOptions().sketchWidth { words += ["--sketch-width", "\(options.sketchWidth)"] }
    return (words + ["--shard", "\(share)", "-o", Shell.quoted(parent)]).joined(separator: " ")
  }

  /// The rows that were chosen, counted over all sources; nil if these are all there are. They lie next to each other.
  private var chosenRows: Range<Int>? {
    guard let first = sources.first?.input, let last = sources.last?.input,
      sources.contains(where: { $0.input.selection != nil })
    else { return nil }
    return first.rowRange.lowerBound..<arrayRows - last.arrayRows + last.rowRange.upperBound
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
