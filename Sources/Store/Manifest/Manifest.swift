import Checksums
import Hierarchy
import LogitStream
import LogitsToHierarchy

/// What a store consists of: where its rows came from, the files that hold what was learnt of them, and the hierarchy.
public struct Manifest: Sendable, Equatable, Codable {
  /// An input that rows are read from.
  package struct Source: Sendable, Codable {
    package var input: LogitInput
    /// Tells whether the first `input.rows` rows are still the same.
    package var fingerprint: String
    /// What its file was when a run began to read it: what it has learnt counts for no other, until the run is complete, and
    /// for another build after that.
    package var fileState: KnownFileState?
  }

  /// What is kept of the state of a file.
  package struct KnownFileState: Sendable, Equatable, Codable {
    var byteCount: Int
    /// In nanoseconds since 1970.
    var changed: Int64
  }

  /// A file of the store, which never changes once it is there.
  package struct File: Sendable, Equatable, Codable {
    package var name: String
    package var byteCount: Int
    package var checksum: UInt32

    package init(name: String, byteCount: Int, checksum: UInt32) {
      self.name = name
      self.byteCount = byteCount
      self.checksum = checksum
    }

    init(_ name: String, _ sum: FileSum) {
      self.init(name: name, byteCount: sum.byteCount, checksum: sum.checksum)
    }
  }

  /// What was learnt of some rows.
  package struct Segment: Sendable, Equatable, Codable {
    package var file: File
    /// The rows, in the manifest's sources.
    package var slices: [RowSlice]
    package var skippedRows: Int
    /// Those of them that were never written; nil if none was left out.
    package var unwrittenRows: Int?
    /// Rows that are not quite what their kind says, and were taken all the same; nil for none.
    package var irregularRows: Int?
    /// Files with exact evidence, from later passes over the same rows.
    package var evidence: [File] = []

    /// The number of rows, those left out among them.
    var rows: Int { slices.reduce(0) { $0 + $1.rows.count } }
  }

  /// Exact evidence that is needed and not there.
  package struct Pending: Sendable, Equatable, Codable {
    /// The clusters of each group.
    package var groups: [[Int]]
    /// For each segment, the indices of the groups that it has no evidence of.
    package var lacking: [[Int]]
  }

  /// What the last run took.
  package struct Figures: Sendable, Equatable, Codable {
    package var passes = 0
    package var seconds = 0.0
    package var peakMemoryBytes = 0

    package init() {}
  }

  public internal(set) var names: [String]
  /// The file that a shard's names are from, if they are from one.
  var namesFile: String?
  /// What the result depends on, apart from the rows.
  public internal(set) var options: BuildOptions
  package internal(set) var sources: [Source] = []
  package var segments: [Segment] = []
  /// Numbers the next file; names are never used twice.
  var nextFile = 1
  /// The result; nil while the store is being built.
  var hierarchy: ClusterHierarchy?
  /// The rows to be learnt of, if not all: those of a shard.
  var share: [RowSlice]?
  /// What the merge loop waits for, if other processes are to sweep for it.
  var pending: Pending?
  package internal(set) var figures = Figures()
  /// The file that has all rows of the stream which the state is being built of; nil if there is none.
  var spool: String?
  /// Trees of rows drawn anew; nil if there are none.
  var replicates: Replicates?
  /// What names the groups; nil if nothing does.
  package internal(set) var taxonomy: Taxonomy?

  init(names: [String], options: BuildOptions) {
    self.names = names
    self.options = options
  }

  /// K.
  public var clusters: Int { names.count }
  public var rows: Int { sources.reduce(0) { $0 + $1.input.rows } }
  /// The rows that the sources' arrays have, whether they were chosen or not.
  package var arrayRows: Int { sources.reduce(0) { $0 + $1.input.arrayRows } }
  public var skippedRows: Int { segments.reduce(0) { $0 + $1.skippedRows } }
  /// Those of the rows left out that were never written.
  public var unwrittenRows: Int { segments.reduce(0) { $0 + ($1.unwrittenRows ?? 0) } }
  /// Rows that were taken although they are not quite what their kind says: probabilities that don't sum to about 1,
  /// log-probabilities above 0.
  public var irregularRows: Int { segments.reduce(0) { $0 + ($1.irregularRows ?? 0) } }

  /// The names of all files that belong to the store.
  package var files: [File] {
    segments.flatMap { [$0.file] + $0.evidence } + (replicates?.parts.map(\.file) ?? [])
      + (taxonomy.map { [$0.file] } ?? [])
  }

  /// A name for a new file of the store's, which no file had before.
  mutating func newFileName(_ kind: String, extension: String = "h5") -> String {
    let digits = String(nextFile)
    nextFile += 1
    return "\(kind)-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".\(`extension`)"
  }

  /// The rows of each source that segments hold, in ascending order.
  private var heldRows: [Int: [Range<Int>]] {
    Dictionary(grouping: segments.flatMap(\.slices), by: \.input)
      .mapValues { $0.map(\.rows).sorted { $0.lowerBound < $1.lowerBound } }
  }

  /// The rows of a source that are taken.
  func slice(_ source: Int) -> RowSlice { RowSlice(input: source, rows: sources[source].input.rowRange) }

  /// The rows that no segment holds yet.
  package var missingRows: [RowSlice] {
    var missing: [RowSlice] = []
    let held = heldRows
    for slice in share ?? sources.indices.map({ slice($0) }) {
      let (index, wanted) = (slice.input, slice.rows)
      let covered = held[index, default: []]
      var next = wanted.lowerBound
      for rows in covered {
        if rows.lowerBound > next { missing.append(RowSlice(input: index, rows: next..<rows.lowerBound)) }
        next = max(next, rows.upperBound)
      }
      if next < wanted.upperBound { missing.append(RowSlice(input: index, rows: next..<wanted.upperBound)) }
    }
    return missing
  }

  /// Rows that more than one segment holds, or that no source has: a manifest that makes no sense.
  package var inconsistency: String? {
    let held = heldRows
    for index in sources.indices {
      let covered = held[index, default: []]
      for (rows, next) in zip(covered, covered.dropFirst()) where rows.upperBound > next.lowerBound {
        return "rows \(next.lowerBound)..<\(rows.upperBound) of \(sources[index].input.file) are held twice"
      }
      let wanted = sources[index].input.rowRange
      if let first = covered.first, first.lowerBound < wanted.lowerBound {
        return "rows from \(first.lowerBound) of \(sources[index].input.file) are held, of which none are before "
          + "\(wanted.lowerBound)"
      }
      if let last = covered.last, last.upperBound > wanted.upperBound {
        return "rows up to \(last.upperBound) of \(sources[index].input.file) are held, which has fewer"
      }
    }
    if segments.contains(where: { $0.slices.contains { !sources.indices.contains($0.input) } }) {
      return "a segment is of a source that is not listed"
    }
    return nil
  }
}
