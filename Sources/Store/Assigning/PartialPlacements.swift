import Files
import FoundationEssentials
import Glibc

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
    guard isOwn(directory) else { throw .inTheWay(directory.path, of: output) }
    let partial = PartialPlacements(
      directory, try StoreLock(directory), parameters: Checksum.of(parameters), plan)
    try partial.adopt(parameters)
    return partial
  }

  /// Makes sure that what is in the directory has these parameters.
  private func adopt(_ parameters: [UInt8]) throws(StoreError) {
    let record = directory.file(Self.parametersName)
    guard FileManager.default.contents(atPath: record) != Data(parameters) else { return }
    removeFiles()
    do throws(FileError) {
      try Replacement.write(parameters, to: record)
    } catch {
      remove()
      throw .file(error)
    }
  }

  /// Whether all that is in the directory is such as runs leave.
  private static func isOwn(_ directory: StoreDirectory) -> Bool {
    guard let found = try? FileManager.default.contentsOfDirectory(atPath: directory.path) else { return false }
    return found.allSatisfy { $0 == "lock" || isOwnName($0) }
  }

  private static func isOwnName(_ name: String) -> Bool {
    name == parametersName || name.hasPrefix("piece-") || name.hasPrefix(".") && name.hasSuffix(".tmp")
  }

  private func path(_ piece: Int) -> String { directory.file("piece-\(piece)") }

  /// A piece that was finished; nil if it was not, or is damaged.
  func piece(_ index: Int) -> PlacementPiece? {
    guard let data = FileManager.default.contents(atPath: path(index)),
      let piece = PlacementPiece(decoding: Array(data), parameters: parameters, index: index),
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
  func putResult(at path: String, _ make: (_ temporary: String) throws(StoreError) -> Void) throws(StoreError) {
    let replacement = Replacement(of: path, by: directory.file(".result.tmp"))
    try make(replacement.temporary)
    try replacement.putInPlace()
  }

  /// Whether any piece is there.
  var hasPieces: Bool {
    let found = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
    return found?.contains { $0.hasPrefix("piece-") } ?? false
  }

  private func removeFiles() {
    let found = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    for name in found where Self.isOwnName(name) { unlink(directory.file(name)) }
  }

  /// Removes the directory with all pieces.
  func remove() {
    removeFiles()
    unlink(directory.lockPath)
    rmdir(directory.path)
  }
}
