import HDF5
import Texts

/// A file with arrays in it: HDF5, NumPy's .npy and .npz, PyTorch's .pt, or safetensors. Its first bytes tell which. Or a
/// directory of Zarr.
package struct ArrayContainer: ~Copyable {
  private enum Content: ~Copyable {
    case hdf5(File)
    case plain([ListedArray])
    case zarr(ZarrDirectory)
  }

  private let path: String
  private let content: Content

  /// Opens the file of an input.
  ///
  /// - Throws: ``LogitStreamError`` that says what is wrong with it.
  package init(opening specification: InputSpecification) throws(LogitStreamError) {
    guard let raw = specification.raw else {
      try self.init(opening: specification.file)
      return
    }
    let file = try PlainFile(specification.file)
    let array = try StoredArray(raw, in: file, isTransposed: specification.isTransposed)
    self.init(specification.file, [ListedArray(name: "", array: array)])
  }

  private init(_ path: String, _ arrays: [ListedArray]) {
    self.path = path
    content = .plain(arrays)
  }

  /// Opens a file that says what it is.
  ///
  /// - Throws: ``LogitStreamError`` that says what is wrong with it.
  package init(opening path: String) throws(LogitStreamError) {
    self.path = path
    if let directory = try ZarrDirectory(path) {
      content = .zarr(directory)
      return
    }
    if let arrays = try Self.plainArrays(path) {
      content = .plain(arrays)
      return
    }
    FilterDecoder.areProvided
    do {
      content = .hdf5(try File(readOnly: path))
    } catch {
      guard error.isOfOtherFormat else { throw .library(error) }
      throw .unknownFormat(path, try ForeignFormat.of(PlainFile(path)))
    }
  }

  /// The arrays of a file that is headers and the arrays they describe; nil for any other file.
  private static func plainArrays(_ path: String) throws(LogitStreamError) -> [ListedArray]? {
    guard !File.isFamily(path) else { return nil }
    let file = try PlainFile(path)
    let head = try file.head(16)
    if head.starts(with: NPYHeader.magic) { return [ListedArray(name: "", array: try NPYHeader.array(in: file))] }
    if head.starts(with: ZipArchive.magic) {
      let archive = try ZipArchive(file)
      if let arrays = try TorchArchive.arrays(in: archive) ?? NPZArchive.arrays(in: archive) { return arrays }
      throw .unknownFormat(path, ForeignFormat.of(archive))
    }
    if SafetensorsHeader.begins(head) || path.hasByteSuffix(".safetensors") {
      return try SafetensorsHeader.arrays(in: file).map { ListedArray(name: $0.name, array: $0) }
    }
    return nil
  }

  /// All names that are, or may be, arrays. It takes O(objects) for HDF5 files, so don't ask for them where the name is
  /// known.
  package func listing() throws(LogitStreamError) -> [ListedArray] {
    switch content {
    case .plain(let arrays): return arrays
    case .zarr(let directory): return try directory.arrays()
    case .hdf5(let file):
      let found: [ListedDataset]
      do { found = try file.datasets() } catch { throw .library(error) }
      var listing: [ListedArray] = []
      for dataset in found {
        var listed = ListedArray(name: dataset.path, link: dataset.link, problem: dataset.problem)
        if dataset.problem == nil {
          do throws(LogitStreamError) {
            listed.array = try array(named: dataset.path)
          } catch {
            // One odd neighbour must not spoil the rest, but what the system can't read now says nothing of the file.
            guard error.category != .inputOutput else { throw error }
            listed.problem = if case .library(let cause) = error { cause.message } else { "\(error)" }
          }
        }
        listing.append(listed)
      }
      return listing
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
    case .zarr(let directory): return try directory.array(named: name)
    case .plain(let arrays):
      // Names in HDF5 begin with a slash, and people write one for other formats too.
      let meant = arrays.filter { $0.name.hasSameBytes(as: name) }
      let found = meant.isEmpty ? arrays.filter { $0.isAlsoCalled(name) } : meant
      guard let first = found.first, !first.name.isEmpty || name.isEmpty else {
        throw .noSuchDataset(file: path, dataset: name, found: arrays.map(\.name).filter { !$0.isEmpty })
      }
      guard found.count == 1 else {
        throw .incomplete(file: path, dataset: name, reason: "\(found.count) arrays are called so")
      }
      return try first.contents()
    }
  }

  /// Opens a dataset of an HDF5 file.
  func dataset(_ name: String) throws(LogitStreamError) -> Dataset {
    let name = name.hasBytePrefix("/") ? name : "/" + name
    switch content {
    case .plain: throw .noSuchDataset(file: path, dataset: name, found: try listing().map(\.name))
    case .zarr: throw .noSuchDataset(file: path, dataset: name, found: try listing().map(\.name))
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
    case .plain(let arrays) where arrays.count == 1 && arrays[0].name.isEmpty: return try arrays[0].contents()
    case .zarr(let directory) where directory.isArray: return try directory.array(named: "")
    default: break
    }
    let listing = try listing()
    // What links lead to counts if the file has nothing of its own.
    var candidates = listing.filter { $0.link == nil }.compactMap(\.candidate)
    if candidates.isEmpty { candidates = listing.compactMap(\.candidate) }
    // An array without rows is mostly left over from a run that wrote none; it counts if there is nothing else.
    let filled = candidates.filter { !$0.shape.contains(0) }
    if !filled.isEmpty { candidates = filled }
    // Arrays with more dimensions may be anything, for instance weights.
    let flat = candidates.filter { $0.shape.count == 2 }
    if flat.count == 1 { return flat[0] }
    switch candidates.count {
    case 1: return candidates[0]
    case 0: throw .noDataset(file: path, found: listing.map(\.description))
    default: throw .severalDatasets(file: path, candidates: (flat.isEmpty ? candidates : flat).map(\.name))
    }
  }
}

/// A name in a file, with the array that it stands for, or the reason why there is none.
package struct ListedArray: Sendable {
  package let name: String
  /// What the name is if it is a link: "a link to part.h5:/logits".
  package var link: String?
  package fileprivate(set) var array: StoredArray?
  /// Why the array can't be read.
  package fileprivate(set) var problem: String?
  /// The error that reading its description gave.
  private var failure: LogitStreamError?
  /// What people may call it too.
  private var otherName: String?

  package init(name: String, link: String? = nil, array: StoredArray? = nil, problem: String? = nil) {
    self.name = name
    self.link = link
    self.array = array
    self.problem = problem
  }

  init(name: String, otherName: String? = nil, failure: LogitStreamError) {
    self.name = name
    self.otherName = otherName
    self.failure = failure
    problem = "\(failure)"
  }

  init(name: String, otherName: String, array: StoredArray) {
    self.name = name
    self.otherName = otherName
    self.array = array
  }

  fileprivate func isAlsoCalled(_ name: String) -> Bool {
    [self.name, otherName].compactMap(\.self).contains { "/\($0)".hasSameBytes(as: name) || $0.hasSameBytes(as: name) }
  }

  /// The array.
  ///
  /// - Throws: ``LogitStreamError`` that says what is wrong with it.
  fileprivate func contents() throws(LogitStreamError) -> StoredArray {
    if let array { return array }
    throw failure ?? .incomplete(file: "", dataset: name, reason: problem ?? "it can't be read")
  }

  /// The array, if it could be logits.
  fileprivate var candidate: StoredArray? {
    guard let array, array.shape.count >= 2, array.format != nil else { return nil }
    return array
  }

  /// The name, with what it is.
  fileprivate var description: String {
    let facts =
      if let array { "\(array.type), \(LogitStreamError.text(array.shape))" } else { "can't be read: \(problem ?? "")" }
    return "\(name) (\([link, facts].compactMap { $0 }.joined(separator: ", ")))"
  }
}
