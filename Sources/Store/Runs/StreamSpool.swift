import Checksums
import Files
import LogitStream
import Texts

extension Store {
  /// What to do about rows that come once.
  public struct StreamOptions: Sendable {
    /// The directory of a file that takes all rows until the run is done; nil for none.
    public var spoolDirectory: String?
    /// Take estimates for merges that need rows which can't be read again.
    public var allowsEstimates = false

    public init() {}
  }
}

extension StoreDirectory {
  /// The file that has the rows of a stream, so that they can be read again, if there is to be one: a spool, or where they
  /// come from.
  func spool(_ stream: RowStream, _ options: Store.StreamOptions) throws(StoreError) -> SpoolFile? {
    guard let directory = options.spoolDirectory else { return stream.file }
    return try spool(in: directory)
  }

  /// Opens the file that takes the rows of a stream for this store: a run that goes on finds it by the store's path.
  private func spool(in directory: String) throws(StoreError) -> SpoolFile {
    try StoreError.files(SpoolFile(directory.absolutePath.appendingPathComponent(spoolName)))
  }

  /// Removes the spool that a run has left, unless the state that is being built goes with it.
  func removeSpool(leftBy earlier: String?) {
    guard let earlier, earlier.lastPathComponent.hasSameBytes(as: spoolName) else { return }
    // Where that can't be read, nothing is known of it.
    do throws(StoreError) { if try building()?.spool == earlier { return } } catch { return }
    FileSystem.remove(earlier)
  }

  private var spoolName: String { "logitree-\(FNV1a(path).hexadecimal).spool" }
}

extension Manifest.Source {
  /// A stream of which no row has come.
  init(unread stream: RowStream) {
    self.init(input: stream.input.withStreamedRows(0), fingerprint: Self.unfinished)
  }

  /// What stands for the fingerprint of a stream that has not ended.
  static let unfinished = "unfinished"

  /// Whether it is a stream that was not read to its end.
  var isUnfinishedStream: Bool { input.isStream && fingerprint == Self.unfinished }
}

extension Manifest {
  /// This state, to be made of a stream: with what a run that was stopped has learnt of the same stream, if its rows are spooled.
  ///
  /// - Parameter building: What that run has left.
  func continuing(
    _ building: Manifest?, _ stream: RowStream, _ spool: SpoolFile?
  ) throws(StoreError) -> Manifest {
    var manifest = self
    manifest.spool = nil
    guard let spool, !spool.isSource else { return manifest }
    manifest.spool = spool.path
    // What goes with no state is nobody's. Other rows than those that have come must not take their place.
    guard let building, building.spool == spool.path else {
      try StoreError.files(spool.clear())
      return manifest
    }
    if building.isBegun(stream, of: self),
      try StoreError.files(spool.byteCount()) >= building.sources[sources.count - 1].input.rows
        * stream.input.rowByteCount
    {
      manifest.segments = building.segments
      manifest.sources = building.sources
    }
    return manifest
  }

  /// Whether a run that was stopped has learnt of the first rows of a stream.
  private func isBegun(_ stream: RowStream, of other: Manifest) -> Bool {
    guard sources.count == other.sources.count, let mine = sources.last, mine.isUnfinishedStream,
      mine.input.rows > 0, sources.dropLast() == other.sources.dropLast(), names.hasSameBytes(as: other.names)
    else { return false }
    return mine.input == stream.input.withStreamedRows(mine.input.rows)
      && options.givesSameSegments(as: other.options)
  }
}
