import Texts

/// A zip file of tensors, as `torch.save` writes it: a pickle that describes them, and a member for each storage.
struct TorchArchive {
  private let archive: ZipArchive
  /// What the names of all members begin with.
  private let prefix: String
  private let isBigEndian: Bool
  /// Whether members have checksums: PyTorch can be told to leave them out.
  private let hasChecksums: Bool

  private static let pickleName = "data.pkl"
  /// The most bytes of a pickle: of so many tensors that none has more.
  private static let mostPickleBytes = 64 << 20

  /// The tensors in a zip file, by the keys and indices that lead to them; nil if it is not one of PyTorch's.
  static func arrays(in archive: ZipArchive) throws(LogitStreamError) -> [ListedArray]? {
    let pickles = archive.members.filter { $0.name.string.hasByteSuffix("/" + pickleName) }
    guard let pickle = pickles.first, pickles.count == 1,
      let prefix = String(pickle.name.string.utf8.dropLast(pickleName.utf8.count)),
      !prefix.utf8.dropLast().contains(UInt8(ascii: "/"))
    else { return nil }
    func has(_ name: String) -> Bool { archive.members.contains { $0.name.string.hasSameBytes(as: prefix + name) } }
    guard has("version") || has(".data/version") else { return nil }
    guard !has("constants.pkl") else { throw .unknownFormat(archive.file.path, .torchScript) }
    return try TorchArchive(archive, prefix: prefix).arrays(describedBy: pickle)
  }

  private init(_ archive: ZipArchive, prefix: String) throws(LogitStreamError) {
    (self.archive, self.prefix) = (archive, prefix)
    hasChecksums = archive.members.contains { $0.checksum != 0 }
    var order = "little"
    if let member = archive.members.first(where: { $0.name.string.hasSameBytes(as: prefix + "byteorder") }) {
      let place = try Self.place(of: member, in: archive)
      order = String(
        decoding: try archive.file.bytes(place.clamped(to: place.lowerBound..<place.lowerBound + 16)), as: UTF8.self)
      if hasChecksums { try Self.checksum(of: member, at: place, in: archive).check(in: archive.file.path) }
    } else {
      // Older files have none. In others the directory may have lost its name, which the header before it still has.
      for member in archive.members { _ = try archive.place(of: member) }
    }
    guard ["little", "big"].contains(order) else {
      throw .damagedHeader(archive.file.path, reason: "it says to have the byte order \(order)")
    }
    isBigEndian = order == "big"
  }

  private static func place(of member: ZipMember, in archive: ZipArchive) throws(LogitStreamError) -> Range<Int> {
    let name = member.name.string
    guard !member.isEncrypted, member.method == .stored else {
      throw .damagedHeader(
        LogitInput.location(archive.file.path, name), reason: "it is compressed or encrypted, which PyTorch never does")
    }
    return try archive.place(of: member)
  }

  private static func checksum(of member: ZipMember, at place: Range<Int>, in archive: ZipArchive) -> PartChecksum {
    PartChecksum(
      place: place, checksum: member.checksum, location: LogitInput.location(archive.file.path, member.name.string))
  }

  // MARK: The pickle

  private func arrays(describedBy pickle: ZipMember) throws(LogitStreamError) -> [ListedArray] {
    let path = archive.file.path
    let place = try Self.place(of: pickle, in: archive)
    guard place.count <= Self.mostPickleBytes else {
      throw .damagedHeader(
        path, reason: "its pickle has \(place.count) bytes, and \(Self.mostPickleBytes) are read at most")
    }
    if hasChecksums { try Self.checksum(of: pickle, at: place, in: archive).check(in: path) }
    var machine = PickleMachine(try archive.file.bytes(place))
    do throws(PickleMachine.Failure) {
      let value = try machine.run()
      return try listed(value, machine)
    } catch {
      throw .otherPickle(path, reason: "at byte \(error.position) of its pickle, \(error.reason)")
    }
  }

  /// More tensors, or things in one another, than these are not listed.
  private static let mostVisits = 1 << 20
  private static let mostDepth = 64

  /// The tensors that a value has in it, in their order.
  private func listed(_ value: PickleValue, _ machine: PickleMachine) throws(PickleMachine.Failure) -> [ListedArray] {
    let members = Dictionary(archive.members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var arrays: [ListedArray] = []
    var waiting = [(value: value, names: [String]())]
    var visits = 0
    while let (value, names) = waiting.popLast() {
      visits += 1
      guard visits <= Self.mostVisits, names.count <= Self.mostDepth else {
        throw machine.failure("things stand in one another too deeply, or too often")
      }
      switch value {
      case .tensor(let index):
        let (name, otherName) = (names.joined(separator: "."), names.joined(separator: "/"))
        do throws(LogitStreamError) {
          arrays.append(
            ListedArray(name: name, otherName: otherName, array: try array(machine.tensors[index], name: name, members))
          )
        } catch {
          arrays.append(ListedArray(name: name, otherName: otherName, failure: error))
        }
      case .tuple(let index), .list(let index):
        for (place, element) in machine.sequences[index].enumerated().reversed() {
          waiting.append((element, names + ["\(place)"]))
        }
      case .dictionary(let index):
        for (key, element) in machine.dictionaries[index].reversed() {
          switch key {
          case .text(let text): waiting.append((element, names + [text]))
          case .integer(let number): waiting.append((element, names + ["\(number)"]))
          default: throw machine.failure("a dictionary has keys that are neither texts nor integers")
          }
        }
      case .none, .boolean, .integer, .text, .plain, .global, .storage: break
      }
    }
    return arrays
  }

  // MARK: Tensors

  private func array(
    _ tensor: TorchTensor, name: String, _ members: [ByteText: ZipMember]
  ) throws(LogitStreamError) -> StoredArray {
    let path = archive.file.path
    func damaged(_ reason: String) -> LogitStreamError {
      .damagedHeader(LogitInput.location(path, name), reason: reason)
    }
    let storage = tensor.storage
    guard let member = members[ByteText("\(prefix)data/\(storage.key)")] else {
      throw damaged("the storage \(storage.key) is missing")
    }
    let place = try Self.place(of: member, in: archive)
    let (byteCount, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.byteCount)
    guard !overflow, byteCount == place.count else {
      throw damaged(
        "the storage \(storage.key) has \(place.count) bytes, where \(storage.count) elements are said to be in it")
    }
    let elements = byteCount / tensor.type.byteCount
    guard let end = tensor.end, end <= elements else {
      throw damaged("it is said to reach beyond the \(elements) elements of the storage \(storage.key)")
    }
    guard let size = StoredArray.byteCount(tensor.shape, elementBytes: tensor.type.byteCount) else {
      throw damaged("its shape \(tensor.shape) is impossible")
    }
    let format = tensor.type.format(isBigEndian: isBigEndian)
    let isPlain = tensor.isRowMajor || tensor.isColumnMajor
    var array = StoredArray(
      file: path, name: name, shape: tensor.shape, type: format?.description ?? tensor.type.name, format: format,
      integerFormat: tensor.type.integerFormat(isBigEndian: isBigEndian), isColumnMajor: tensor.isColumnMajor,
      chunkShape: nil,
      layout: tensor.isRowMajor
        ? "contiguous" : isPlain ? "contiguous, column after column" : "a view with strides \(tensor.strides)",
      filters: [], storedByteCount: size,
      access: .contiguous(offset: place.lowerBound + tensor.offset * tensor.type.byteCount))
    if !isPlain { array.strides = tensor.strides }
    if hasChecksums { array.checksum = Self.checksum(of: member, at: place, in: archive) }
    return array
  }
}
