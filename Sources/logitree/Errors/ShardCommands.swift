import LogitsToHierarchy
import Store

/// The commands that make shards and stores, as people paste them into a shell.
extension Advice {
  static func commands(_ work: ShardWork) -> [String] {
    switch work {
    case .scan(let data?, let shards):
      shards.map { scanCommand(data, $0) }
    case .scan(nil, let shards):
      shards.map { "logitree scan INPUT… --shard \($0.share) -o \(Shell.quoted($0.parent))" }
    case .sweep(let store, let shards):
      shards.map { "logitree sweep \(Shell.quoted(store)) --shard \($0.share) -o \(Shell.quoted($0.parent))" }
    }
  }

  /// All steps of a build whose scan is of rows that are others by now.
  static func commands(_ scan: OutdatedScan) -> [String] {
    let combine = scan.shards.prefix(1).map {
      "logitree combine \(Shell.quoted($0.parent)) -o \(Shell.quoted(scan.store))"
    }
    return ["rm -r " + scan.directories.map(Shell.quoted).joined(separator: " ")]
      + scan.shards.map { scanCommand(scan.data, $0) } + combine
  }

  private static func scanCommand(_ data: ScannedData, _ shard: ShardLocation) -> String {
    (["logitree", "scan"] + words(data) + ["--shard", "\(shard.share)", "-o", Shell.quoted(shard.parent)])
      .joined(separator: " ")
  }

  /// The command that builds a store of the same data as another, with a temperature of its own, beside it.
  static func buildCommand(_ data: ScannedData, of store: String, temperature: String) -> String {
    let ending = ".logitree"
    let path = store.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed()
    var name = String(decoding: path, as: UTF8.self)
    if name.hasByteSuffix(ending) { name.removeLast(ending.count) }
    let output = "\(name)-T\(temperature)\(ending)"
    return
      (["logitree", "build"] + words(data, names: store, temperature: temperature) + ["-o", Shell.quoted(output)])
      .joined(separator: " ")
  }

  /// The inputs and options that say what is scanned.
  ///
  /// - Parameter names: Where names are to be had, if it is not known where they are from.
  private static func words(_ data: ScannedData, names: String? = nil, temperature: String? = nil) -> [String] {
    let options = data.options
    var words = data.inputs.map(Shell.quoted)
    if data.isTransposed { words.append("--transposed") }
    if let topK = data.topK {
      words += ["--top-k", Shell.quoted("\(topK.indices),\(topK.values)")]
      if let normalizer = topK.normalizer { words += ["--normalizer", Shell.quoted(normalizer)] }
      words += ["--clusters", "\(topK.clusters)"]
    }
    if let raw = data.raw {
      // Rows that look like another type may have been said to be of this one; that is not in the manifest.
      words += ["--raw", raw.format.argument, "--trust-type", "--clusters", "\(raw.clusters)"]
      if let record = raw.record {
        words += ["--top-k", "\(record.width)", "--index-type", record.indexFormat.argument]
        if let normalizer = record.normalizerFormat { words += ["--normalizer", normalizer.argument] }
      }
    }
    if let rows = data.rows { words += ["--rows", "\(rows.lowerBound):\(rows.upperBound)"] }
    if data.hasNames { words += ["--names", (data.namesFile ?? names).map(Shell.quoted) ?? "FILE"] }
    // Logits too, since rows that look like another kind may have been said to be logits; that is not in the manifest.
    words += ["--kind", options.meaning.kind.rawValue]
    if let temperature {
      words += ["--temperature", temperature]
    } else if options.meaning.temperature != 1 {
      words += ["--temperature", "\(options.meaning.temperature)"]
    }
    if options.aggregation != .sumOfMeans { words += ["--score", options.aggregation.rawValue] }
    if options.strategy != .lowest { words += ["--strategy", options.strategy.rawValue] }
    if options.meaning.invalidRows != .fail { words += ["--on-invalid", options.meaning.invalidRows.rawValue] }
    if options.meaning.fillRows == .logits { words.append("--allow-fill") }
    let excluded = options.meaning.excludedColumns
    if !excluded.isEmpty { words += ["--without", Shell.quoted(excluded.map { "#\($0)" }.joined(separator: ","))] }
    if options.sketchWidth != BuildOptions().sketchWidth || data.topK != nil || data.raw?.record != nil {
      words += ["--sketch-width", "\(options.sketchWidth)"]
    }
    return words
  }
}
