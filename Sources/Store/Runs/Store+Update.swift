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
    /// Take estimates for merges that need rows of files which are gone.
    public var allowsEstimates = false

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
    return try Self.finishing(directory, observer) {
      let (manifest, gone) = try start(of: update)
      let source = try LogitSource(manifest.sources.map(\.input))
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
        allowsEstimates: update.allowsEstimates,
        foreseen: manifest.options.sketchWidth > 0 && !source.hasTopK ? foreseen ?? [] : []
      ).run()
    }
  }
}

extension Store {
  /// What an update starts from: the complete state, or what an earlier run had begun to make of it, if that was of the
  /// same inputs. Also returns the inputs that can't be opened, and why not.
  private func start(of update: UpdateOptions) throws -> (Manifest, [Int: LogitStreamError]) {
    let building = try directory.resumable()
    guard let complete = try directory.manifest() else {
      guard let building else { throw StoreError.unfinished(directory.path) }
      return try building.refreshed(update, store: directory.path)
    }
    var result = try complete.refreshed(update, store: directory.path)
    guard let building else { return result }
    if building.options == complete.options, building.names.hasSameBytes(as: complete.names),
      building.sources.count == result.0.sources.count,
      zip(building.sources, result.0.sources).allSatisfy({ $0.isSameArray(as: $1) }),
      let continued = try building.continued(update, store: directory.path)
    {
      result = continued
    }
    result.0.nextFile = max(complete.nextFile, building.nextFile)
    return result
  }
}

extension Manifest {
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
