import Files
import FoundationEssentials
import LogitStream
import LogitsToHierarchy
import Texts

/// A directory in which one process puts its share of a step: segments of a scan, or evidence of a sweep.
///
/// Its name says which share it is, so that all shares of a step may be given the same place to work in.
struct Shard {
  /// What of a build the shard is a share of.
  enum Step: String, Codable {
    case scan, sweep
  }

  let step: Step
  let share: Share
  let directory: StoreDirectory
  /// The directory that it is in.
  let parent: String

  /// The shard of a step in a directory that several have.
  init(_ step: Step, _ share: Share, in parent: String) {
    self.step = step
    self.share = share
    self.parent = parent
    let path = parent.appendingPathComponent("\(step.rawValue)-\(share.number)-of-\(share.count)")
    directory = StoreDirectory(path, .shard)
  }

  /// A shard that is there, told by its directory's name.
  private init?(directory path: String) {
    let name = path.lastPathComponent
    guard let match = name.wholeMatch(of: /(scan|sweep)-([1-9][0-9]*)-of-([1-9][0-9]*)/),
      let step = Step(rawValue: String(match.1)),
      let share = Share(parsing: "\(match.2)/\(match.3)")
    else { return nil }
    self.init(step, share, in: path.deletingLastPathComponent)
  }

  /// The shards in some directories, in the order of shares. A directory may be a shard itself.
  ///
  /// - Throws: ``StoreError/noSuchShards(_:)`` if a directory is not there, ``StoreError/notADirectory(_:)``.
  static func all(in directories: [String]) throws(StoreError) -> [Shard] {
    var shards: [Shard] = []
    var seen: Set<ByteText> = []
    for directory in directories {
      let path = directory.absolutePath
      // A link to a shard may have any name.
      if let shard = Shard(directory: path)
        ?? Shard(directory: path.resolvedPath)
      {
        shards.append(shard)
        continue
      }
      shards += try names(in: path, named: directory).compactMap { Shard(directory: path.appendingPathComponent($0)) }
    }
    // A directory may be named twice.
    shards.removeAll { !seen.insert(ByteText($0.directory.path.resolvedPath)).inserted }
    return shards.sorted { ($0.share.count, $0.share.number) < ($1.share.count, $1.share.number) }
  }

  private static func names(in path: String, named directory: String) throws(StoreError) -> [String] {
    do throws(FileError) {
      return try FileSystem.names(in: path)
    } catch {
      switch error.code {
      case .noSuchFileOrDirectory: throw .noSuchShards(directory)
      case .notDirectory: throw .notADirectory(directory)
      default: throw .file(error)
      }
    }
  }
}
