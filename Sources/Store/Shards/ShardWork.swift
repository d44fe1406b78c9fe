import LogitStream
import LogitsToHierarchy
import Texts

/// Shards that have to be made, for the first time or anew, with all that the commands say which make them.
public enum ShardWork: Sendable, Equatable {
  /// nil if nothing is known of what was scanned.
  case scan(ScannedData?, [ShardLocation])
  case sweep(store: String, [ShardLocation])

  public var shards: [ShardLocation] {
    switch self {
    case .scan(_, let shards), .sweep(_, let shards): shards
    }
  }
}

/// Which share of a step a shard has, and the directory that it is in.
public struct ShardLocation: Sendable, Equatable {
  public let share: Share
  public let parent: String
}

/// What a scan was of, and with what options.
public struct ScannedData: Sendable, Equatable {
  /// Files, with datasets.
  public let inputs: [String]
  public let isTransposed: Bool
  /// The arrays of top-k dumps; nil for inputs of whole rows.
  public let topK: TopKSpecification?
  /// How the numbers are read, if files have no header.
  public let raw: RawFormat?
  /// The rows that were taken, counted over all inputs as they are now; nil if all were.
  public let rows: Range<Int>?
  /// Whether clusters have names, and the file that these are from, if that is known.
  public let hasNames: Bool
  public let namesFile: String?
  public let options: BuildOptions
}

/// A scan whose rows are others by now, and what has to be done for one of the rows there are.
public struct OutdatedScan: Sendable, Equatable {
  /// The directories of its shards.
  public let directories: [String]
  public let data: ScannedData
  public let shards: [ShardLocation]
  public let store: String
}

extension ShardWork: CustomStringConvertible {
  public var description: String {
    let step = if case .scan = self { "scan" } else { "sweep" }
    return shards.map { "\(step) \($0.share) in \($0.parent)" }.listed
  }
}

extension Shard {
  var location: ShardLocation { ShardLocation(share: share, parent: parent) }
}
