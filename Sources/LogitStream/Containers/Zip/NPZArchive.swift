import Texts

/// A zip file of arrays, as `np.savez` and `np.savez_compressed` write it: each member is a .npy file.
enum NPZArchive {
  /// The arrays in a zip file, by the names that NumPy gives them; nil if no member is a .npy file.
  static func arrays(in archive: ZipArchive) -> [ListedArray]? {
    let named = archive.members.filter { $0.name.string.hasByteSuffix(suffix) }
    guard !named.isEmpty else { return nil }
    return named.map { member in
      let name = String(member.name.string.utf8.dropLast(suffix.utf8.count)) ?? member.name.string
      do throws(LogitStreamError) {
        return ListedArray(name: name, array: try array(of: member, named: name, in: archive))
      } catch {
        return ListedArray(name: name, failure: error)
      }
    }
  }

  private static let suffix = ".npy"

  private static func array(
    of member: ZipMember, named name: String, in archive: ZipArchive
  ) throws(LogitStreamError) -> StoredArray {
    let location = LogitInput.location(archive.file.path, name)
    func refusal(_ reason: String) -> LogitStreamError { .damagedHeader(location, reason: reason) }
    guard !member.isEncrypted else {
      throw .incomplete(file: archive.file.path, dataset: name, reason: "it is encrypted")
    }
    let place = try archive.place(of: member)
    func header(_ bytes: some ByteReading) throws(LogitStreamError) -> StoredArray {
      guard try bytes.head(NPYHeader.magic.count) == NPYHeader.magic else { throw refusal("it is no .npy file") }
      return try NPYHeader.array(in: bytes, name: name)
    }
    switch member.method {
    case .other(let method):
      throw .unknownCodec(file: archive.file.path, dataset: name, codec: ZipMember.name(ofMethod: method))
    case .stored:
      var array = try header(
        FilePart(file: archive.file, offset: place.lowerBound, byteCount: place.count, location: location))
      guard case .contiguous(let offset) = array.access else { return array }
      array.access = .contiguous(offset: place.lowerBound + offset)
      array.checksum = PartChecksum(place: place, checksum: member.checksum, location: location)
      return array
    case .deflated:
      let part = DeflatedPart(
        place: place, byteCount: member.byteCount, checksum: member.checksum, location: location)
      var array = try header(DeflatedHead(part, of: archive.file))
      guard case .contiguous(let offset) = array.access else { return array }
      array.access = .deflated(part, offset: offset)
      array.filters = ["deflate"]
      array.storedByteCount = place.count
      return array
    }
  }
}
