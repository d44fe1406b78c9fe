import Algorithms

/// A zip file, as .npz and .pt are, by PKWARE's description of the format (APPNOTE.TXT), with sizes of 64 bits where they are
/// needed.
///
/// What is in it is told by its directory, at the end. Nothing may stand between that and the end but what the format puts
/// there, and the header before each member must agree with it.
struct ZipArchive: Sendable {
  static let magic: [UInt8] = Array("PK\u{3}\u{4}".utf8)
  /// How a zip file without members begins.
  static let emptyMagic: [UInt8] = Array("PK\u{5}\u{6}".utf8)

  let file: PlainFile
  /// In the order of the directory.
  let members: [ZipMember]
  /// Where the directory begins: no member reaches beyond.
  private let directoryOffset: Int
  /// Where members begin, in order.
  private let offsets: [Int]

  /// The most bytes of a directory: of so many members that none has more.
  private static let mostDirectoryBytes = 1 << 28

  /// - Throws: ``LogitStreamError/damagedHeader(_:reason:)`` if it is not what it should be.
  init(_ file: PlainFile) throws(LogitStreamError) {
    self.file = file
    let end = try ZipEnd(file)
    guard end.directory.count <= Self.mostDirectoryBytes else {
      throw .damagedHeader(
        file.path, reason: "the directory of the zip file is said to have \(end.directory.count) bytes")
    }
    directoryOffset = end.directory.lowerBound
    let bytes = LittleEndian(bytes: try file.bytes(end.directory))
    var members: [ZipMember] = []
    var position = 0
    while position < bytes.bytes.count {
      guard let member = ZipMember(bytes, at: &position) else {
        throw .damagedHeader(file.path, reason: "entry \(members.count) of the zip file's directory is no such entry")
      }
      members.append(member)
    }
    guard members.count == end.count else {
      throw .damagedHeader(
        file.path, reason: "the zip file is said to have \(end.count) members, and its directory has \(members.count)")
    }
    self.members = members
    offsets = members.map(\.headerOffset).sorted()
    var names = members.map(\.name)
    names.sort()
    if let twice = zip(names, names.dropFirst()).first(where: { $0 == $1 })?.0 {
      throw .damagedHeader(file.path, reason: "the zip file has two members \(twice)")
    }
  }

  private func damaged(_ member: ZipMember, _ reason: String) -> LogitStreamError {
    .damagedHeader(LogitInput.location(file.path, member.name.string), reason: reason)
  }

  /// Where the bytes of a member are, as it is stored.
  ///
  /// - Throws: ``LogitStreamError/damagedHeader(_:reason:)`` if the header before them says other than the directory, or they
  ///   are not all there.
  func place(of member: ZipMember) throws(LogitStreamError) -> Range<Int> {
    let fixedByteCount = 30
    guard member.headerOffset <= directoryOffset - fixedByteCount else {
      throw damaged(member, "its header is said to be where the zip file's directory is")
    }
    let fixed = LittleEndian(bytes: try file.bytes(member.headerOffset..<member.headerOffset + fixedByteCount))
    guard fixed.number(UInt32.self, at: 0) == 0x0403_4B50, let nameCount = fixed.integer(UInt16.self, at: 26),
      let extraCount = fixed.integer(UInt16.self, at: 28)
    else { throw damaged(member, "there is no header where the zip file's directory says") }
    let start = member.headerOffset + fixedByteCount + nameCount + extraCount
    guard start <= directoryOffset, member.storedByteCount <= directoryOffset - start else {
      throw damaged(
        member, "it is said to have \(member.storedByteCount) bytes, which reach into the zip file's directory")
    }
    let rest = LittleEndian(bytes: try file.bytes(member.headerOffset + fixedByteCount..<start))
    guard member.agrees(with: fixed, rest, nameCount: nameCount) else {
      throw damaged(member, "the header before it says other than the zip file's directory")
    }
    let place = start..<start + member.storedByteCount
    let next = offsets.partitioningIndex { $0 > member.headerOffset }
    let after = next < offsets.count ? offsets[next] : directoryOffset
    guard place.upperBound <= after else { throw damaged(member, "it reaches into the member after it") }
    if member.hasDescriptor {
      let descriptor = LittleEndian(bytes: try file.bytes(place.upperBound..<min(place.upperBound + 24, after)))
      guard member.agrees(withDescriptor: descriptor) else {
        throw damaged(member, "what follows it says other than the zip file's directory")
      }
    }
    return place
  }
}

/// What stands at the end of a zip file: where its directory is.
private struct ZipEnd {
  let directory: Range<Int>
  /// The number of members.
  let count: Int

  private static let byteCount = 22
  private static let mostCommentBytes = 0xFFFF

  init(_ file: PlainFile) throws(LogitStreamError) {
    func damaged(_ reason: String) -> LogitStreamError { .damagedHeader(file.path, reason: reason) }
    let tailStart = max(0, file.byteCount - Self.byteCount - Self.mostCommentBytes)
    let tail = LittleEndian(bytes: try file.bytes(tailStart..<file.byteCount))
    guard
      let found = stride(from: tail.bytes.count - Self.byteCount, through: 0, by: -1).first(where: { position in
        tail.number(UInt32.self, at: position) == 0x0605_4B50
          && tail.integer(UInt16.self, at: position + 20) == tail.bytes.count - position - Self.byteCount
      })
    else { throw .endsEarlyAsZip(file.path) }
    let fields = (
      disk: tail.integer(UInt16.self, at: found + 4), first: tail.integer(UInt16.self, at: found + 6),
      here: tail.integer(UInt16.self, at: found + 8), count: tail.integer(UInt16.self, at: found + 10),
      size: tail.integer(UInt32.self, at: found + 12), offset: tail.integer(UInt32.self, at: found + 16)
    )
    guard let count = fields.count, let size = fields.size, let offset = fields.offset, fields.here == count,
      fields.disk == fields.first, fields.disk == 0 || fields.disk == 0xFFFF
    else { throw damaged("it is a part of a zip file in several") }
    var end = tailStart + found
    guard let wide = try WideZipEnd(file, before: end) else {
      guard offset + size == end else { throw damaged("the zip file's directory is not where it is said to be") }
      (directory, self.count) = (offset..<end, count)
      return
    }
    // Of what has its place in both, the narrow one may be all ones.
    guard wide.isConsistent, count == wide.count || count == 0xFFFF, size == wide.size || size == 0xFFFF_FFFF,
      offset == wide.offset || offset == 0xFFFF_FFFF
    else { throw damaged("the two ends of the zip file's directory say different things") }
    end = wide.position
    guard wide.offset <= end, wide.size == end - wide.offset else {
      throw damaged("the zip file's directory is not where it is said to be")
    }
    (directory, self.count) = (wide.offset..<end, wide.count)
  }
}

/// The end of a directory with sizes of 64 bits.
private struct WideZipEnd {
  let position: Int
  let count: Int
  let size: Int
  let offset: Int
  let isConsistent: Bool

  /// Nil if there is none before the other end.
  init?(_ file: PlainFile, before end: Int) throws(LogitStreamError) {
    let (locatorByteCount, byteCount) = (20, 56)
    guard end >= locatorByteCount + byteCount else { return nil }
    let locator = LittleEndian(bytes: try file.bytes(end - locatorByteCount..<end))
    guard locator.number(UInt32.self, at: 0) == 0x0706_4B50 else { return nil }
    guard let position = locator.integer(UInt64.self, at: 8), position <= end - locatorByteCount - byteCount else {
      throw .damagedHeader(file.path, reason: "the end of the zip file's directory is not where it is said to be")
    }
    let fields = LittleEndian(bytes: try file.bytes(position..<position + byteCount))
    guard fields.number(UInt32.self, at: 0) == 0x0606_4B50, let length = fields.integer(UInt64.self, at: 4),
      let here = fields.integer(UInt64.self, at: 24), let count = fields.integer(UInt64.self, at: 32),
      let size = fields.integer(UInt64.self, at: 40), let offset = fields.integer(UInt64.self, at: 48)
    else { throw .damagedHeader(file.path, reason: "the end of the zip file's directory is no such end") }
    (self.position, self.count, self.size, self.offset) = (position, count, size, offset)
    isConsistent =
      here == count && length == end - locatorByteCount - position - 12
      && fields.number(UInt32.self, at: 16) == 0 && fields.number(UInt32.self, at: 20) == 0
      && locator.number(UInt32.self, at: 4) == 0 && locator.number(UInt32.self, at: 16) ?? 0 <= 1
  }
}

extension LogitStreamError {
  /// A zip file without a directory at its end.
  fileprivate static func endsEarlyAsZip(_ file: String) -> LogitStreamError {
    .damagedHeader(file, reason: "it begins as a zip file, and has no directory at its end")
  }
}
