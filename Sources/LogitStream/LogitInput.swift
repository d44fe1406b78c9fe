import Foundation
import HDF5

/// One dataset of logits, N rows × K clusters, as part of a ``LogitSource``.
public struct LogitInput: Sendable, Hashable, Codable {
  public private(set) var file: String
  public let dataset: String
  public let format: LogitFormat
  public let rows: Int
  public let clusters: Int
  /// The rows that chunks of the dataset span; nil where it is not chunked.
  public let chunkRows: Int?

  public var rowByteCount: Int { clusters * format.byteCount }

  /// The same dataset in a file of another path.
  public func moved(to file: String) -> LogitInput {
    var input = self
    input.file = file
    return input
  }

  /// Opens `specification` and describes its dataset.
  ///
  /// - Throws: ``LogitStreamError`` if the file can't be read, or has no dataset, or several, to take.
  public init(opening specification: InputSpecification) throws(LogitStreamError) {
    let file = try Self.open(specification.file)
    let path: String
    if let given = specification.dataset { path = given } else { path = try Self.onlyCandidate(in: file) }
    let dataset = try Self.openDataset(path, in: file)
    try self.init(describing: dataset)
  }

  /// Describes a dataset, if it is one that holds logits.
  public init(describing dataset: borrowing Dataset) throws(LogitStreamError) {
    file = dataset.file
    self.dataset = dataset.path
    guard let format = LogitFormat(dataset.elementType) else {
      throw .notFloatingPoint(file: file, dataset: self.dataset, type: dataset.elementType.description)
    }
    guard dataset.shape.count == 2 else {
      throw .notTwoDimensional(file: file, dataset: self.dataset, shape: dataset.shape)
    }
    self.format = format
    rows = dataset.isBeingWritten ? try Self.completeRows(of: dataset) : dataset.shape[0]
    clusters = dataset.shape[1]
    if case .chunked(let chunkShape) = dataset.layout { chunkRows = chunkShape[0] } else { chunkRows = nil }
    guard clusters >= 2 else { throw .tooFewClusters(file: file, dataset: self.dataset, found: clusters) }
    guard clusters <= Self.mostClusters else {
      throw .tooManyClusters(file: file, dataset: self.dataset, found: clusters)
    }
    guard rows > 0 else { throw .noRows(file: file, dataset: self.dataset) }
    if let missing = dataset.filters.first(where: { !$0.isAvailable }) {
      throw .missingFilter(file: file, dataset: self.dataset, filter: missing.name)
    }
    guard !dataset.isBeingWritten else { return }
    let allocation: Allocation
    do { allocation = try dataset.allocation } catch { throw .library(error) }
    if case .full = allocation { return }
    // Of virtual and compact datasets the library tells nothing that would help.
    switch dataset.layout {
    case .chunked, .contiguous: throw .neverWritten(file: file, dataset: self.dataset)
    case .virtual, .compact: return
    }
  }

  /// Whether another description is of the same dataset, which may have grown.
  func isContained(in other: LogitInput) -> Bool {
    file == other.file && dataset == other.dataset && format == other.format && clusters == other.clusters
      && chunkRows == other.chunkRows && rows <= other.rows
  }

  /// The rows of a dataset that its writer is done with, while it is still being written.
  ///
  /// A dataset grows before its rows are there. Until they are, their chunks are not in the file, or read as zeros.
  private static func completeRows(of dataset: borrowing Dataset) throws(LogitStreamError) -> Int {
    do {
      var rows = try dataset.leadingRowsInFile()
      var bytes = [UInt8](repeating: 0, count: dataset.rowByteCount)
      while rows > 0 {
        var result = Result<Void, HDF5Error>.success(())
        bytes.withUnsafeMutableBytes { buffer in
          result = Result { () throws(HDF5Error) in try dataset.readRows(rows - 1..<rows, into: buffer) }
        }
        try result.get()
        if bytes.contains(where: { $0 != 0 }) { break }
        rows -= 1
      }
      return rows
    } catch {
      throw .library(error)
    }
  }

  /// Cluster indices, and node ids with them, are 32 bits wide.
  static let mostClusters = 1 << 30

  /// Opens a file, with errors that say what is wrong with it.
  public static func open(_ path: String) throws(LogitStreamError) -> File {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { throw .noSuchFile(path) }
    guard !isDirectory.boolValue else { throw .unreadableFile(path, reason: "it is a directory") }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw .unreadableFile(path, reason: "no permission")
    }
    do {
      return try File(readOnly: path)
    } catch {
      throw error.message == "not an HDF5 file" ? .notHDF5(path) : .library(error)
    }
  }

  /// Opens a dataset; if there is none of that name, the error lists those there are.
  public static func openDataset(_ path: String, in file: borrowing File) throws(LogitStreamError) -> Dataset {
    let found: [String]
    do {
      // A dataset may also be reached by a link, which the listing does not follow.
      return try file.dataset(path)
    } catch let failure {
      do { found = try file.datasetPaths() } catch { throw .library(failure) }
      guard !found.contains(path) else { throw .library(failure) }
    }
    throw .noSuchDataset(file: file.path, dataset: path, found: found)
  }

  /// The paths of all datasets in a file.
  public static func datasetPaths(in file: borrowing File) throws(LogitStreamError) -> [String] {
    do { return try file.datasetPaths() } catch { throw .library(error) }
  }

  /// The path of the one two-dimensional floating-point dataset in a file.
  private static func onlyCandidate(in file: borrowing File) throws(LogitStreamError) -> String {
    var found: [String] = []
    var candidates: [String] = []
    do {
      found = try file.datasetPaths()
      for path in found {
        let dataset = try file.dataset(path)
        if dataset.shape.count == 2, LogitFormat(dataset.elementType) != nil { candidates.append(path) }
      }
    } catch {
      throw .library(error)
    }
    switch candidates.count {
    case 1: return candidates[0]
    case 0: throw .noDataset(file: file.path, found: found)
    default: throw .severalDatasets(file: file.path, candidates: candidates)
    }
  }
}
