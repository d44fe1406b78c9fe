import HDF5
import Texts

/// A file with arrays in it: HDF5, NumPy's .npy, or safetensors. Its first bytes tell which.
package struct ArrayContainer: ~Copyable {
  private enum Content: ~Copyable {
    case hdf5(File)
    case plain([StoredArray])
  }

  private let path: String
  private let content: Content

  /// Opens a file.
  ///
  /// - Throws: ``LogitStreamError`` that says what is wrong with it.
  package init(opening path: String) throws(LogitStreamError) {
    self.path = path
    if let arrays = try Self.plainArrays(path) {
      content = .plain(arrays)
      return
    }
    do {
      content = .hdf5(try File(readOnly: path))
    } catch {
      throw error.isOfOtherFormat ? .unknownFormat(path) : .library(error)
    }
  }

  /// The arrays of a .npy or safetensors file, which is a header and the arrays it describes; nil for any other file.
  private static func plainArrays(_ path: String) throws(LogitStreamError) -> [StoredArray]? {
    guard !File.isFamily(path) else { return nil }
    let file = try PlainFile(path)
    let head = try file.head(16)
    if head.starts(with: NPYHeader.magic) { return [try NPYHeader.array(in: file)] }
    if SafetensorsHeader.begins(head) || path.hasByteSuffix(".safetensors") {
      return try SafetensorsHeader.arrays(in: file)
    }
    return nil
  }

  /// The names of all arrays. It takes O(objects) for HDF5 files, so don't ask for them where the name is known.
  package func names() throws(LogitStreamError) -> [String] {
    switch content {
    case .plain(let arrays): return arrays.map(\.name)
    case .hdf5(let file):
      do { return try file.datasetPaths() } catch { throw .library(error) }
    }
  }

  /// Describes the array of a name, or the only one that could be logits.
  ///
  /// - Throws: ``LogitStreamError`` if there is none of that name, or not exactly one candidate. The error lists what
  ///   there is.
  package func array(named name: String?) throws(LogitStreamError) -> StoredArray {
    guard let name else { return try onlyCandidate() }
    switch content {
    case .hdf5: return try StoredArray(dataset(name))
    case .plain(let arrays):
      // Names in HDF5 begin with a slash, and people write one for other formats too.
      let found =
        arrays.first { $0.name.hasSameBytes(as: name) } ?? arrays.first { ("/" + $0.name).hasSameBytes(as: name) }
      guard let found, !found.name.isEmpty || name.isEmpty else {
        throw .noSuchDataset(file: path, dataset: name, found: arrays.map(\.name).filter { !$0.isEmpty })
      }
      return found
    }
  }

  /// Opens a dataset of an HDF5 file.
  func dataset(_ name: String) throws(LogitStreamError) -> Dataset {
    let name = name.hasBytePrefix("/") ? name : "/" + name
    switch content {
    case .plain(let arrays): throw .noSuchDataset(file: path, dataset: name, found: arrays.map(\.name))
    case .hdf5(let file):
      let failure: HDF5Error
      // The listing alone would not do: it does not follow links, by which a dataset may also be reached.
      do { return try file.dataset(name) } catch { failure = error }
      guard failure.category != .inputOutput, let found = try? file.datasetPaths(), !found.contains(name) else {
        throw .library(failure)
      }
      throw .noSuchDataset(file: path, dataset: name, found: found)
    }
  }

  private func onlyCandidate() throws(LogitStreamError) -> StoredArray {
    switch content {
    // An array without a name is all that the file is, whatever its type.
    case .plain(let arrays) where arrays.count == 1 && arrays[0].name.isEmpty: return arrays[0]
    default: break
    }
    let names = try names()
    var candidates: [StoredArray] = []
    for name in names {
      let array = try array(named: name)
      if array.shape.count >= 2, array.format != nil { candidates.append(array) }
    }
    // Arrays with more dimensions may be anything, for instance weights.
    let flat = candidates.filter { $0.shape.count == 2 }
    if flat.count == 1 { return flat[0] }
    switch candidates.count {
    case 1: return candidates[0]
    case 0: throw .noDataset(file: path, found: described(names))
    default: throw .severalDatasets(file: path, candidates: (flat.isEmpty ? candidates : flat).map(\.name))
    }
  }

  /// Names of arrays, with what the arrays are where that is known without another look.
  private func described(_ names: [String]) -> [String] {
    switch content {
    case .plain(let arrays): arrays.map { "\($0.name) (\($0.type), \(LogitStreamError.text($0.shape)))" }
    case .hdf5: names
    }
  }
}
