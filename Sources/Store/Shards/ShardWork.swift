import LogitsToHierarchy

/// Shards that have to be made, for the first time or anew, and of what: all that a command which makes them says.
package enum ShardWork: Sendable, Equatable {
  /// nil if nothing is known of what was scanned.
  case scan(ScannedData?, [ShardPlace])
  case sweep(store: String, [ShardPlace])

  package var places: [ShardPlace] {
    switch self {
    case .scan(_, let places), .sweep(_, let places): places
    }
  }
}

/// Which share of a step a shard has, and the directory that it is in.
package struct ShardPlace: Sendable, Equatable {
  package let share: Share
  package let parent: String
}

/// What a scan was of, and with what options.
package struct ScannedData: Sendable, Equatable {
  /// Files, with datasets.
  package let inputs: [String]
  package let isTransposed: Bool
  /// The rows that were taken, counted over all inputs as they are now; nil if all were.
  package let rows: Range<Int>?
  /// Whether clusters have names, and the file that these are from, if that is known.
  package let hasNames: Bool
  package let namesFile: String?
  package let options: BuildOptions
}

/// A scan whose rows are others by now, and what has to be done for one of the rows there are.
package struct OutdatedScan: Sendable, Equatable {
  /// The directories of its shards.
  package let directories: [String]
  package let data: ScannedData
  package let places: [ShardPlace]
  package let store: String
}

extension ShardWork: CustomStringConvertible {
  package var description: String {
    let step = if case .scan = self { "scan" } else { "sweep" }
    let some = places.prefix(20).map { "\(step) \($0.share) in \($0.parent)" }.joined(separator: ", ")
    return some + (places.count > 20 ? " and \(places.count - 20) more" : "")
  }
}

extension Shard {
  var place: ShardPlace { ShardPlace(share: share, parent: parent) }
}
