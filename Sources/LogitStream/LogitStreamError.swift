import HDF5

/// Why a source of logits can't be used, with the facts the message needs.
public enum LogitStreamError: Error, Sendable, Equatable {
  case noSuchFile(String)
  case unreadableFile(String, reason: String)
  case notHDF5(String)
  case noDataset(file: String, found: [String])
  case severalDatasets(file: String, candidates: [String])
  case noSuchDataset(file: String, dataset: String, found: [String])
  case notTwoDimensional(file: String, dataset: String, shape: [Int])
  case notFloatingPoint(file: String, dataset: String, type: String)
  case missingFilter(file: String, dataset: String, filter: String)
  case neverWritten(file: String, dataset: String)
  case noRows(file: String, dataset: String)
  case tooFewClusters(file: String, dataset: String, found: Int)
  case tooManyClusters(file: String, dataset: String, found: Int)
  case differentClusters(file: String, dataset: String, found: Int, expected: Int, expectedIn: String)
  case tooManyRows(file: String, dataset: String)
  case changed(file: String, dataset: String)
  case library(HDF5Error)
}

extension LogitStreamError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noSuchFile(let file):
      "\(file): no such file"
    case .unreadableFile(let file, let reason):
      "\(file): can't be read: \(reason)"
    case .notHDF5(let file):
      """
      \(file): not an HDF5 file. From Python, h5py writes one:
        with h5py.File("logits.h5", "w") as f:
            f.create_dataset("logits", data=logits)  # N samples × K clusters
      """
    case .noDataset(let file, let found):
      "\(file): no two-dimensional floating-point dataset"
        + (found.isEmpty ? "; the file has no datasets at all" : "; it has " + found.joined(separator: ", "))
    case .severalDatasets(let file, let candidates):
      "\(file): several datasets could be the logits: \(candidates.joined(separator: ", ")); choose one with --dataset"
    case .noSuchDataset(let file, let dataset, let found):
      "\(file): no dataset \(dataset)"
        + (found.isEmpty ? "; the file has no datasets at all" : "; it has " + found.joined(separator: ", "))
    case .notTwoDimensional(let file, let dataset, let shape):
      "\(file):\(dataset): has shape \(Self.text(shape)), where logits are two-dimensional: samples × clusters"
    case .notFloatingPoint(let file, let dataset, let type):
      "\(file):\(dataset): holds \(type), where logits are float16, float32 or float64"
    case .missingFilter(let file, let dataset, let filter):
      "\(file):\(dataset): is stored with the filter \(filter), which this HDF5 library lacks; "
        + "set HDF5_PLUGIN_PATH to where its plugin is, or rewrite the file: h5repack -f GZIP=4 OLD NEW"
    case .neverWritten(let file, let dataset):
      "\(file):\(dataset): some of its rows were never written, and what reading them gives are no logits; "
        + "finish writing the file, or shorten the dataset (h5py: dataset.resize)"
    case .noRows(let file, let dataset):
      "\(file):\(dataset): has no rows"
    case .tooFewClusters(let file, let dataset, let found):
      "\(file):\(dataset): has \(found) \(found == 1 ? "column" : "columns"), where a hierarchy needs at least 2 clusters"
    case .tooManyClusters(let file, let dataset, let found):
      "\(file):\(dataset): has \(found) columns, more than this program takes; are the dimensions the wrong way round?"
    case .differentClusters(let file, let dataset, let found, let expected, let expectedIn):
      "\(file):\(dataset): has \(found) columns, but \(expectedIn) has \(expected); "
        + "inputs of one data set have the same clusters"
    case .tooManyRows(let file, let dataset):
      "\(file):\(dataset): brings the data set over 2^40 rows, more than this program takes"
    case .changed(let file, let dataset):
      "\(file):\(dataset): changed while it was being read; run again when nothing writes to it"
    case .library(let error):
      error.description
    }
  }

  static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "() (a scalar)" : "(" + shape.map(String.init).joined(separator: " × ") + ")"
  }
}
