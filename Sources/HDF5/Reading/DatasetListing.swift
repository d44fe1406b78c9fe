import CHDF5
import Texts

/// What a file has under a name that is, or may be, a dataset.
package struct ListedDataset: Sendable, Equatable {
  /// The path, which begins with "/". Bytes that are not UTF-8 are shown as U+FFFD.
  package let path: String
  /// What the name is if it is a soft or external link: "a link to part.h5:/logits".
  package var link: String?
  /// Why nothing can be read under this name, if that is known.
  package var problem: String?
}

extension File {
  /// All datasets in all groups, in order of their names; then those that only soft and external links lead to.
  ///
  /// A dataset with several names is listed once. What can't be opened is listed with the reason, and so is a link that
  /// leads nowhere.
  ///
  /// - Throws: ``HDF5Error`` if the root group can't be read, or if there are more names than a sound file has.
  package func datasets() throws(HDF5Error) -> [ListedDataset] {
    try withLibrary { () throws(HDF5Error) in
      var listing = DatasetListing(Subject(file: path))
      try listing.run(file: handle.id)
      return listing.found
    }
  }

  /// The paths of all datasets that can be looked at.
  package func datasetPaths() throws(HDF5Error) -> [String] {
    try datasets().filter { $0.problem == nil }.map(\.path)
  }
}

/// A walk through the groups of a file, and through those that links lead to. Must be used inside ``withLibrary(_:)``.
///
/// A group is opened from its parent, not by its path: paths are as long as groups are deep.
private struct DatasetListing {
  private(set) var found: [ListedDataset] = []
  private let subject: Subject
  /// The objects that were met, so that links in a circle come to an end.
  private var known: Set<ObjectIdentity> = []
  /// Soft and external links that have yet to be followed, with the number of those behind them.
  private var links: [(path: String, depth: Int)] = []
  private var files: [String: FileIdentity] = [:]
  private var pathByteCount = 0

  /// More bytes of paths than a file of logits has. Without a limit, groups nested deeply take their square.
  private static let mostPathBytes = 64 << 20
  /// Links to groups in which there are links to groups, and so on.
  private static let mostLinks = 16
  private static let operation = "list datasets"

  init(_ subject: Subject) { self.subject = subject }

  mutating func run(file: hid_t) throws(HDF5Error) {
    let root = try openGroup(file, "/")
    let identity = identity(of: root.handle.id)
    try visit(root, at: "", in: identity?.file, depth: 0)
    var next = 0
    while next < links.count {
      try follow(links[next].path, from: root.handle.id, depth: links[next].depth)
      next += 1
    }
  }

  // MARK: Groups

  private final class OpenGroup {
    let handle: Handle
    init(_ handle: consuming Handle) { self.handle = handle }
  }

  /// A group on the way down, with its members that have yet to be looked at.
  private struct Level {
    let group: OpenGroup
    let path: String
    var members: ArraySlice<Member>
  }

  /// Lists what is in a group and below, in order of their names.
  private mutating func visit(
    _ group: OpenGroup, at path: String, in file: FileIdentity?, depth: Int
  ) throws(HDF5Error) {
    var levels = [Level(group: group, path: path, members: try members(of: group)[...])]
    while var level = levels.popLast() {
      guard let member = level.members.popFirst() else { continue }
      let parent = level.group
      let memberPath = level.path + "/" + member.name
      levels.append(level)
      guard member.isHard else {
        links.append((memberPath, depth))
        continue
      }
      guard let name = member.validName else {
        try list(ListedDataset(path: memberPath, problem: "its name is no UTF-8"))
        continue
      }
      var type = H5O_TYPE_UNKNOWN
      var address: UInt64 = 0
      guard chdf5_look_up(parent.handle.id, name, &type, &address) >= 0 else {
        try list(ListedDataset(path: memberPath, problem: try reason(subject.failure(Self.operation))))
        continue
      }
      guard known.insert(ObjectIdentity(file: file, address: address)).inserted else { continue }
      if type == H5O_TYPE_DATASET { try list(ListedDataset(path: memberPath)) }
      if type == H5O_TYPE_GROUP {
        do throws(HDF5Error) {
          let group = try openGroup(parent.handle.id, name)
          levels.append(Level(group: group, path: memberPath, members: try members(of: group)[...]))
        } catch {
          try list(ListedDataset(path: memberPath, problem: try reason(error)))
        }
      }
    }
  }

  private func openGroup(_ parent: hid_t, _ name: String) throws(HDF5Error) -> OpenGroup {
    OpenGroup(
      try subject.open(Self.operation, closingWith: H5Gclose, H5Gopen2(parent, name, CHDF5_DEFAULT_PROPERTIES)))
  }

  private struct Member {
    /// The name, with U+FFFD for bytes that are not UTF-8.
    let name: String
    let isValid: Bool
    let isHard: Bool

    var validName: String? { isValid ? name : nil }
  }

  private func members(of group: OpenGroup) throws(HDF5Error) -> [Member] {
    var members: [Member] = []
    let status = withUnsafeMutablePointer(to: &members) { members in
      chdf5_visit_links(
        group.handle.id,
        { name, isHard, members in
          guard let name else { return }
          members?.assumingMemoryBound(to: [Member].self).pointee.append(
            Member(
              name: String(cString: name), isValid: String(validatingCString: name) != nil, isHard: isHard != 0))
        }, members)
    }
    try subject.check(Self.operation, status)
    return members
  }

  /// Why something can't be listed, unless the system could not read it: that says nothing of what is in the file.
  private func reason(_ error: HDF5Error) throws(HDF5Error) -> String {
    guard error.category != .inputOutput else { throw error }
    return error.message
  }

  private mutating func list(_ dataset: ListedDataset) throws(HDF5Error) {
    pathByteCount += dataset.path.utf8.count
    guard pathByteCount <= Self.mostPathBytes else {
      throw subject.error(Self.operation, "there are too many, or they lie too deep")
    }
    found.append(dataset)
  }

  // MARK: Links

  /// Lists what a soft or external link leads to, if that has no other name.
  private mutating func follow(_ path: String, from root: hid_t, depth: Int) throws(HDF5Error) {
    let target = target(of: path, from: root)
    let object: Handle
    do throws(HDF5Error) {
      object = try subject.open(
        Self.operation, closingWith: H5Oclose, H5Oopen(root, path, CHDF5_DEFAULT_PROPERTIES))
    } catch {
      return try list(ListedDataset(path: path, link: target, problem: "it leads nowhere: \(try reason(error))"))
    }
    guard let identity = identity(of: object.id), known.insert(identity).inserted else { return }
    switch H5Iget_type(object.id) {
    case H5I_DATASET: try list(ListedDataset(path: path, link: target))
    case H5I_GROUP where depth < Self.mostLinks:
      do throws(HDF5Error) {
        try visit(try openGroup(object.id, "."), at: path, in: identity.file, depth: depth + 1)
      } catch {
        try list(ListedDataset(path: path, link: target, problem: try reason(error)))
      }
    default: break
    }
  }

  /// Where a link leads, in words.
  private func target(of path: String, from root: hid_t) -> String {
    var file = [CChar](repeating: 0, count: 4096)
    var object = file
    guard chdf5_link_target(root, path, &file, &object, file.count) >= 0 else { return "a link" }
    let name = text(upToZero: object)
    return file[0] == 0 ? "a link to \(name)" : "a link to \(text(upToZero: file)):\(name)"
  }

  // MARK: Identity

  private struct ObjectIdentity: Hashable {
    let file: FileIdentity?
    let address: UInt64
  }

  /// What tells an object from all others, whatever the name by which it was found. The library numbers files anew when it
  /// opens them again, so they are told apart as the system does.
  private mutating func identity(of object: hid_t) -> ObjectIdentity? {
    var type = H5O_TYPE_UNKNOWN
    var address: UInt64 = 0
    var name = [CChar](repeating: 0, count: 4096)
    guard chdf5_look_up(object, ".", &type, &address) >= 0, H5Fget_name(object, &name, name.count) >= 0 else {
      return nil
    }
    let file = String(systemCharacters: name)
    if files[file] == nil { files[file] = FileIdentity(of: file) }
    return ObjectIdentity(file: files[file], address: address)
  }
}
