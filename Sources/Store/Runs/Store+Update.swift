import Errors
import Files
import FoundationEssentials
import LogitStream
import LogitsToHierarchy
import Texts

extension Store {
  /// What to do about a store's sources, apart from what is always done.
  public struct UpdateOptions: Sendable {
    /// New inputs.
    public var inputs: [InputSpecification] = []
    /// Known files whose rows are taken in anew.
    public var rescannedFiles: [String] = []
    /// What becomes of a new input's rows if they come once, and of merges that need rows which are gone.
    public var streaming = StreamOptions()

    public init() {}
  }

  /// Takes in rows appended to the known inputs, and new inputs, and rebuilds the hierarchy.
  ///
  /// Old rows are read again only if a merge needs exact evidence that is not there. An input is known by its file and
  /// dataset. A new input that is known already is not taken in twice.
  ///
  /// - Throws: ``StoreError`` if a known input shrank or changed, or is gone and needed; ``LogitStreamError``,
  ///   ``BuildError``.
  public func update(
    _ update: UpdateOptions = UpdateOptions(), resources: RunResources = RunResources(),
    observer: any RunObserver = SilentObserver()
  ) throws -> StoredHierarchy {
    let lock = try StoreLock(directory)
    defer { withExtendedLifetime(lock) {} }
    guard let specification = update.inputs.first(where: \.isStream) else {
      return try Self.finishing(directory, observer) {
        try run(update, start(of: update), stream: nil, spool: nil, resources, observer)
      }
    }
    guard update.inputs.count == 1 else { throw LogitStreamError.streamAmongOthers }
    guard let complete = try directory.manifest() else { throw StoreError.unfinished(directory.path) }
    try complete.checkType(of: specification, store: directory.path)
    let number = 1 + complete.sources.count(where: \.input.isStream)
    let stream = try RowStream(opening: specification, number: number)
    let spool = try directory.spool(stream, update.streaming)
    return try Self.finishing(directory, observer, spool: spool) {
      let start = try start(of: update, complete, stream, spool)
      return try run(update, start, stream: stream, spool: spool, resources, observer)
    }
  }

  /// Runs an update from the state that it starts from.
  private func run(
    _ update: UpdateOptions, _ start: (manifest: Manifest, gone: [Int: LogitStreamError]), stream: RowStream?,
    spool: SpoolFile?, _ resources: RunResources, _ observer: any RunObserver
  ) throws -> Manifest {
    let (manifest, gone) = start
    var inputs = manifest.sources.map(\.input)
    // The last one is the stream, of which there are to be more rows than are known.
    if let stream { inputs[inputs.count - 1] = stream.input }
    let source = try LogitSource(inputs, stream: stream)
    let passes = try SourcePasses(
      source, options: manifest.options, resources: resources, observer: observer)
    // Groups that needed exact evidence before need it from the new rows too.
    let foreseen = try directory.manifest()?.hierarchy.map { hierarchy in
      passes.affordable(
        Group.uncertified(in: hierarchy.merges, room: passes.memory.groups),
        counts: hierarchy.clusters.map(\.samples))
    }
    return try StoreRun(
      directory, manifest, passes: passes, observer: observer, goneSources: gone,
      allowsEstimates: update.streaming.allowsEstimates,
      foreseen: source.hasTopK ? [] : foreseen ?? [], spool: spool
    ).run()
  }
}

extension Store {
  /// What an update starts from: the complete state, or what an earlier run had begun to make of it, if that was of the
  /// same inputs. Also returns the inputs that can't be opened, and why not.
  private func start(of update: UpdateOptions) throws -> (Manifest, [Int: LogitStreamError]) {
    var building = try directory.resumable()
    // Of rows that come once the rest can't be had.
    if building?.sources.contains(where: \.isUnfinishedStream) == true { building = nil }
    guard let complete = try directory.manifest() else {
      guard let building else { throw StoreError.unfinished(directory.path) }
      return try building.refreshed(update, store: directory.path)
    }
    var result = try complete.refreshed(update, store: directory.path)
    guard let building else { return result }
    if building.options == complete.options, building.names.hasSameBytes(as: complete.names),
      building.isOfSameInputs(as: result.0) || building.hasTakenStreams(into: complete),
      let continued = try building.continued(update, store: directory.path)
    {
      result = continued
    }
    result.0.nextFile = max(complete.nextFile, building.nextFile)
    return result
  }
}

extension Store {
  /// What an update with a stream starts from: the complete state, or what a run had begun to make of the same stream, if its
  /// rows are spooled.
  private func start(
    of update: UpdateOptions, _ complete: Manifest, _ stream: RowStream, _ spool: SpoolFile?
  ) throws -> (Manifest, [Int: LogitStreamError]) {
    var known = update
    known.inputs = []
    var result = try complete.refreshed(known, store: directory.path)
    guard stream.input.clusters == complete.clusters else {
      throw LogitStreamError.differentClusters(
        file: stream.input.location, dataset: "", found: stream.input.clusters, expected: complete.clusters,
        expectedIn: directory.path)
    }
    result.0.sources.append(Manifest.Source(unread: stream))
    let building = try directory.building()
    result.0.nextFile = max(complete.nextFile, building?.nextFile ?? 1)
    result.0 = try result.0.continuing(building, stream, spool)
    return result
  }
}

extension Manifest {
  fileprivate func isOfSameInputs(as other: Manifest) -> Bool {
    sources.count == other.sources.count && beginsAlike(other)
  }

  /// Whether the inputs are the same as far as both have any.
  private func beginsAlike(_ other: Manifest) -> Bool {
    zip(sources, other.sources).allSatisfy { $0.isSameArray(as: $1) }
  }

  /// Whether streams were read to their end, whose rows no later run would be given.
  fileprivate func hasTakenStreams(into other: Manifest) -> Bool {
    sources.count > other.sources.count && beginsAlike(other)
      && sources.dropFirst(other.sources.count).allSatisfy(\.input.isStream)
  }

  /// This state with its sources as they are now, and with new ones. Nothing is learnt of new rows yet. Also returns
  /// the inputs that can't be opened, and why not.
  fileprivate func refreshed(
    _ update: Store.UpdateOptions, store: String
  ) throws -> (Manifest, [Int: LogitStreamError]) {
    var manifest = self
    manifest.hierarchy = nil
    manifest.pending = nil
    manifest.replicates = nil
    try manifest.drop(rescanned: update.rescannedFiles, store: store)
    let gone = try manifest.refreshSources()
    try manifest.add(update.inputs, store: store)
    return (manifest, gone)
  }

  /// The same of a state that an update has left; nil if its rows are no longer those of the inputs.
  fileprivate func continued(
    _ update: Store.UpdateOptions, store: String
  ) throws -> (Manifest, [Int: LogitStreamError])? {
    do {
      return try refreshed(update, store: store)
    } catch {
      // What can't be read now must not be taken for what has changed: the state would be given up.
      if let error = error as? any CategorizedError, error.category == .inputOutput { throw error }
      return nil
    }
  }

  /// Forgets every segment with rows of files that are to be taken in anew.
  fileprivate mutating func drop(rescanned files: [String], store: String) throws(StoreError) {
    for file in files {
      let path = file.absolutePath
      let found = Set(sources.indices.filter { sources[$0].input.file.hasSameBytes(as: path) })
      guard !found.isEmpty else { throw .notASource(file, store: store) }
      segments.removeAll { $0.slices.contains { found.contains($0.input) } }
      for index in found { sources[index].fingerprint = Self.toBeRescanned }
    }
  }

  private static let toBeRescanned = ""

  /// Finds out of every known input whether it is still what it was, and how far it has grown.
  ///
  /// - Returns: The inputs that can't be opened, and why not.
  fileprivate mutating func refreshSources() throws -> [Int: LogitStreamError] {
    var gone: [Int: LogitStreamError] = [:]
    for index in sources.indices {
      let known = sources[index].input
      guard !known.isStream else {
        gone[index] = .earlierStream(known.location)
        continue
      }
      let found: LogitInput
      do throws(LogitStreamError) {
        found = try known.current()
      } catch {
        switch error {
        case .noSuchFile: gone[index] = error
        // One that the system can't open now is not gone, and may have new rows.
        case .unreadableFile where error.category == .missing: gone[index] = error
        default: throw error
        }
        continue
      }
      try sources[index].checkForm(of: found)
      if sources[index].fingerprint != Self.toBeRescanned {
        try sources[index].checkRows(of: found)
        if found.rows == known.rows, found == known { continue }
      }
      sources[index] = Source(input: found, fingerprint: try found.fingerprint(rows: found.rows))
    }
    return gone
  }

  fileprivate mutating func add(_ specifications: [InputSpecification], store: String) throws {
    for given in specifications {
      try checkType(of: given, store: store)
      var specification = given
      // New top-k dumps have the same arrays.
      if specification.topK == nil { specification.topK = sources.first?.input.specification.topK }
      let input = try LogitInput(opening: specification).withAbsolutePath
      guard !sources.contains(where: { $0.input.isSameArray(as: input) }) else {
        continue
      }
      if let (input, kind) = try otherKind(of: [input]) {
        throw StoreError.otherKind(location: input.location, kind: kind, store: store)
      }
      sources.append(Source(input: input, fingerprint: try input.fingerprint(rows: input.rows)))
    }
  }
}
