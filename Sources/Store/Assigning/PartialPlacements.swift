import Checksums
import Files
import Glibc
import Texts

/// The directory in which pieces of a result are kept until all are there, `OUTPUT.partial`.
///
/// A piece is there whole or not at all. It carries a checksum of itself, and one of the parameters it was made with.
/// So what a killed run left is either what this one would make, or is ignored.
struct PartialPlacements: ~Copyable {
  private let directory: StoreDirectory
  private let lock: StoreLock
  private let parameters: UInt32
  private let plan: PiecePlan

  private static let parametersName = "parameters.json"

  private init(_ directory: StoreDirectory, _ lock: consuming StoreLock, parameters: UInt32, _ plan: PiecePlan) {
    self.directory = directory
    self.lock = lock
    self.parameters = parameters
    self.plan = plan
  }

  /// Claims the directory beside `output`, makes it if it is not there, and empties it of what other parameters left.
  ///
  /// - Throws: ``StoreError`` if that can't be, or another process is at it.
  static func claim(
    for output: String, parameters: [UInt8], _ plan: PiecePlan
  ) throws(StoreError) -> PartialPlacements {
    let directory = StoreDirectory(output + ".partial")
    do throws(FileError) {
      try FileSystem.makeDirectory(directory.path, named: output)
    } catch {
      guard error.code == .fileExists else { throw .file(error) }
    }
    guard try isOwn(directory) else { throw .inTheWay(directory.path, of: output) }
    let partial = PartialPlacements(
      directory, try StoreLock(directory), parameters: Checksum.of(parameters), plan)
    try partial.adopt(parameters)
    return partial
  }

  /// Makes sure that what is in the directory has these parameters.
  private func adopt(_ parameters: [UInt8]) throws(StoreError) {
    let record = directory.file(Self.parametersName)
    guard try content(of: record) != parameters else { return removeFiles { Self.isTemporaryName($0) } }
    removeFiles()
    do throws(FileError) {
      try Replacement.write(parameters, to: record)
    } catch {
      remove()
      throw .file(error)
    }
  }

  /// The content of a file; nil if there is none, or something that no run leaves.
  private func content(of file: String) throws(StoreError) -> [UInt8]? {
    do throws(FileError) {
      return try OpenFile.content(ofRegular: file)
    } catch {
      // What can't be read now must not be taken for what is not there, and removed.
      guard case .damaged = StoreError(opening: file, error) else { throw .file(error) }
      return nil
    }
  }

  /// Whether all that is in the directory is such as runs leave.
  private static func isOwn(_ directory: StoreDirectory) throws(StoreError) -> Bool {
    do throws(FileError) {
      return try FileSystem.names(in: directory.path).allSatisfy { $0 == "lock" || isOwnName($0) }
    } catch {
      guard error.code != .notDirectory else { return false }
      throw .file(error)
    }
  }

  private static func isOwnName(_ name: String) -> Bool {
    name == parametersName || name.hasPrefix("piece-") || isTemporaryName(name)
  }

  private static func isTemporaryName(_ name: String) -> Bool { StoreDirectory.isTemporaryName(name) }

  private func path(_ piece: Int) -> String { directory.file("piece-\(piece)") }

  /// A piece that was finished; nil if it was not, or is damaged.
  func piece(_ index: Int) throws(StoreError) -> PlacementPiece? {
    guard let bytes = try content(of: path(index)),
      let piece = PlacementPiece(decoding: bytes, parameters: parameters, index: index),
      piece.chunks.count == plan.chunkCount(of: index)
    else { return nil }
    return piece
  }

  /// A function that puts a piece on disk. It may be called from any thread.
  func writer(_ index: Int, _ piece: PlacementPiece) -> @Sendable () throws -> Void {
    let (path, parameters) = (path(index), parameters)
    return { try Replacement.write(piece.encoded(parameters: parameters, index: index), to: path) }
  }

  /// Lets `make` write the result, and puts it in its place. What a kill leaves of it goes away with the directory.
  ///
  /// - Parameter make: Writes the result, and returns what it is meant to hold.
  func putResult(at path: String, _ make: (_ temporary: String) throws(StoreError) -> FileSum) throws(StoreError) {
    let replacement = try StoreError.files(Replacement(of: path, in: directory.path))
    let sum = try make(replacement.temporary)
    try replacement.putInPlace(sum)
  }

  /// Whether any piece is there.
  var hasPieces: Bool {
    // What can't be listed is kept.
    guard let found = try? FileSystem.names(in: directory.path) else { return true }
    return found.contains { $0.hasPrefix("piece-") }
  }

  /// Removes files that runs leave, or some of them. Those that can't be removed are in nobody's way.
  private func removeFiles(where isChosen: (String) -> Bool = Self.isOwnName) {
    for name in (try? FileSystem.names(in: directory.path)) ?? [] where isChosen(name) {
      FileSystem.remove(directory.file(name))
    }
  }

  /// Removes the directory with all pieces.
  func remove() {
    removeFiles()
    FileSystem.remove(directory.lockPath)
    FileSystem.removeEmptyDirectory(directory.path)
  }
}
