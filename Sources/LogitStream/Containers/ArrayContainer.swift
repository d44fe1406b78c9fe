import Foundation
import HDF5

/// A file with arrays in it: HDF5, NumPy's .npy, or safetensors, told by how it begins.
public struct ArrayContainer: ~Copyable {
  private enum Content: ~Copyable {
    case hdf5(File)
    case plain([StoredArray])
  }

  private let path: String
  private let content: Content
  /// The names of all arrays.
  public let names: [String]

  /// Opens a file.
  ///
  /// - Throws: ``LogitStreamError`` that says what is wrong with it.
  public init(opening path: String) throws(LogitStreamError) {
    self.path = path
    let head = File.isFamily(path) ? [] : try PlainFile(path).head(16)
    if head.starts(with: NPYHeader.magic) {
      content = .plain([try NPYHeader.array(in: PlainFile(path))])
      names = [""]
    } else if SafetensorsHeader.begins(head) || path.hasSuffix(".safetensors") {
      let arrays = try SafetensorsHeader.arrays(in: PlainFile(path))
      content = .plain(arrays)
      names = arrays.map(\.name)
    } else {
      do throws(HDF5Error) {
        let file = try File(readOnly: path)
        names = try file.datasetPaths()
        content = .hdf5(file)
      } catch {
        throw error.message == "not an HDF5 file" ? .unknownFormat(path) : .library(error)
      }
    }
  }

  /// Describes the array of a name, or the only one that could be logits.
  ///
  /// - Throws: ``LogitStreamError`` if there is none of that name, or if there is not exactly one; it lists those there are.
  public func array(named name: String?) throws(LogitStreamError) -> StoredArray {
    guard let name else { return try onlyCandidate() }
    switch content {
    case .hdf5: return try StoredArray(dataset(name))
    case .plain(let arrays):
      // Names in HDF5 begin with a slash, so that some write one elsewhere too.
      let found = arrays.first { $0.name == name } ?? arrays.first { "/" + $0.name == name }
      guard let found, !found.name.isEmpty || name.isEmpty else {
        throw .noSuchDataset(file: path, dataset: name, found: names.filter { !$0.isEmpty })
      }
      return found
    }
  }

  /// Opens a dataset of an HDF5 file.
  func dataset(_ name: String) throws(LogitStreamError) -> Dataset {
    let name = name.hasPrefix("/") ? name : "/" + name
    switch content {
    case .plain: break
    case .hdf5(let file):
      do {
        // A dataset may also be reached by a link, which the listing does not follow.
        return try file.dataset(name)
      } catch {
        guard !names.contains(name) else { throw .library(error) }
      }
    }
    throw .noSuchDataset(file: path, dataset: name, found: names)
  }

  private func onlyCandidate() throws(LogitStreamError) -> StoredArray {
    var candidates: [StoredArray] = []
    for name in names {
      let array = try array(named: name)
      if array.shape.count >= 2, array.format != nil { candidates.append(array) }
    }
    // Of arrays with more dimensions there may be any number, weights for instance.
    let flat = candidates.filter { $0.shape.count == 2 }
    if flat.count == 1 { return flat[0] }
    switch candidates.count {
    case 1: return candidates[0]
    case 0: throw .noDataset(file: path, found: names.filter { !$0.isEmpty })
    default: throw .severalDatasets(file: path, candidates: (flat.isEmpty ? candidates : flat).map(\.name))
    }
  }
}
