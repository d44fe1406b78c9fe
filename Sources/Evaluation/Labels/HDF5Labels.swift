import HDF5
import LogitStream
import Texts

/// Finds the dataset of an HDF5 file that holds labels or names.
enum HDF5Labels {
  /// The dataset with a name. If no name is given, the only one-dimensional dataset of integers; if there is none, or none
  /// is wanted, the only one of strings.
  ///
  /// - Throws: ``LogitStreamError``, ``EvaluationError``, HDF5's error.
  static func dataset(_ name: String?, in file: borrowing File, namesOnly: Bool = false) throws -> Dataset {
    if let name {
      let path = name.hasBytePrefix("/") ? name : "/" + name
      do {
        return try file.dataset(path)
      } catch {
        let found = try file.datasetPaths()
        guard error.category != .inputOutput, !found.containsBytes(of: path) else { throw error }
        throw LogitStreamError.noSuchDataset(file: file.path, dataset: path, found: found)
      }
    }
    let paths = try file.datasetPaths()
    var integers: [String] = []
    var strings: [String] = []
    for path in paths {
      let dataset: Dataset
      do throws(HDF5Error) {
        dataset = try file.dataset(path)
      } catch {
        // One odd neighbour must not spoil the rest.
        guard error.category != .inputOutput else { throw error }
        continue
      }
      guard dataset.shape.count == 1 else { continue }
      if !namesOnly, IntegerFormat(dataset.elementType) != nil { integers.append(path) }
      if dataset.elementType == .string { strings.append(path) }
    }
    let candidates = integers.isEmpty ? strings : integers
    guard let only = candidates.first else {
      throw EvaluationError.badData(
        file.path, location: nil,
        reason:
          "no dataset of \(namesOnly ? "" : "integers or ")strings, of one dimension; it has \(paths.listed)"
      )
    }
    guard candidates.count == 1 else {
      throw EvaluationError.badData(
        file.path, location: nil,
        reason:
          "several datasets could be the \(namesOnly ? "names" : "labels"): \(candidates.listed); "
          + "name one, as \(file.path):\(only)")
    }
    return try file.dataset(only)
  }
}
