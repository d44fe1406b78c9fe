import Checksums
import Files
import Foundation
import HDF5
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Store
import SystemPackage
import TestSupport
import Testing

/// 300 rows of 9 clusters in two datasets, with near and far relatives.
private let data = Result {
  try Fixture(
    """
    random = np.random.default_rng(3)
    centers = random.normal(0, 1, (9, 3))
    x = (centers[random.integers(0, 9, 300)] + random.normal(0, 0.8, (300, 3))) @ centers.T * 2
    save("a", x[:170].astype("f4"), maxshape=(None, 9), chunks=(32, 9))
    save("b", x[170:].astype("f4"), maxshape=(None, 9), chunks=(32, 9))
    """)
}

/// A small store, built from the data.
struct SmallStore {
  let directory: TemporaryDirectory
  let path: String

  init(width: Int = 1, datasets: [String] = ["a", "b"]) throws {
    directory = try TemporaryDirectory()
    path = directory.path("my.logitree")
    _ = try Self.build(path, width: width, datasets: datasets)
  }

  /// Builds with small segments, so that there are several.
  static func build(
    _ path: String, width: Int = 1, datasets: [String] = ["a", "b"], observer: Observer = Observer()
  ) throws -> StoredHierarchy {
    var options = BuildOptions()
    options.sketchWidth = width
    // By this score, groups that were merged are soon the lowest again, and one logit kept tells nothing of those.
    options.aggregation = .mean
    var resources = RunResources()
    resources.sketchByteCount = 1000
    let file = try data.get().path
    let source = try LogitSource(opening: datasets.map { InputSpecification(file: file, dataset: $0) })
    return try Store.build(
      path, from: source, names: (0..<9).map { "cluster \"\($0)\"" }, options: options, resources: resources,
      observer: observer)
  }

  var files: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

  /// Inverts a bit of a file's byte.
  func flip(_ file: String, byte: Int, bit: UInt8 = 1) throws {
    let url = URL(fileURLWithPath: path).appending(path: file)
    var bytes = try Data(contentsOf: url)
    bytes[byte] ^= 1 << bit
    try bytes.write(to: url)
  }
}

@Suite("Stores on disk")
struct StoreDirectoryTests {
  @Test("A manifest is read back as it was written")
  func roundTrip() throws {
    let small = try SmallStore()
    let stored = try Store(small.path).read()
    let again = try Manifest(decoding: stored.manifest.encoded(), store: "s", file: "f")
    #expect(again == stored.manifest)
    #expect(stored.manifest.segments.count > 2)
    #expect(try small.files.filter { $0.hasPrefix("evidence") }.count > 0)
    #expect(try !small.files.contains("building.json"))
  }

  @Test("Any flipped bit of a manifest is found")
  func flippedManifest() throws {
    let small = try SmallStore(width: 0, datasets: ["a"])
    let manifest = try Store(small.path).read().manifest
    let bytes = try manifest.encoded()
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= UInt8(1 << (position % 8))
      do {
        let read = try Manifest(decoding: damaged, store: "s", file: "f")
        Issue.record("byte \(position) may be flipped: \(read == manifest)")
      } catch {}
    }
  }

  @Test("A flipped byte of any other file is found by a check, by a build and by an update", arguments: seeds(12))
  func flippedFile(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let small = try SmallStore()
    let expected = try Store(small.path).read().hierarchy
    let files = try small.files.filter { $0.hasSuffix(".h5") }
    let file = files[random.int(0...files.count - 1)]
    let size = try Data(contentsOf: URL(fileURLWithPath: small.path).appending(path: file)).count
    try small.flip(file, byte: random.int(0...size - 1), bit: UInt8(random.int(0...7)))

    let findings = try Store(small.path).check()
    #expect(findings.damage.count == 1 && "\(findings.damage[0])".contains(file))
    for run in 0..<2 {
      let error = #expect(throws: StoreError.self) {
        if run == 0 {
          _ = try SmallStore.build(small.path)
        } else {
          _ = try Store(small.path).update(Store.UpdateOptions(), observer: Observer())
        }
      }
      guard case .damaged(let path, _) = error, path.hasSuffix(file) else {
        Issue.record("\(String(describing: error)) for \(file)")
        continue
      }
    }
    #expect(try Store(small.path).read().hierarchy == expected, "the last complete state is still there")
  }

  @Test("Other format versions, newer and older, are refused as such")
  func versions() throws {
    let small = try SmallStore()
    let manifest = small.path + "/manifest.json"
    try Data(#"{"format": "logitree", "version": 99, "later": []}"#.utf8).write(to: URL(fileURLWithPath: manifest))
    #expect(throws: StoreError.newerFormat(small.path, found: 99, known: Manifest.version)) {
      _ = try Store(small.path).read()
    }
    try Data(#"{"format": "logitree", "version": 1}"#.utf8).write(to: URL(fileURLWithPath: manifest))
    #expect(throws: StoreError.olderFormat(small.path, found: 1)) { _ = try Store(small.path).read() }
    try Data(#"{"format": "other", "version": 1}"#.utf8).write(to: URL(fileURLWithPath: manifest))
    #expect(throws: StoreError.notAStore(small.path)) { _ = try Store(small.path).read() }
  }

  @Test("While one writes, another writer is told so, and readers read")
  func locked() throws {
    let small = try SmallStore()
    let lock = try StoreLock(StoreDirectory(small.path))
    #expect(throws: StoreError.locked(small.path)) { _ = try SmallStore.build(small.path) }
    #expect(throws: StoreError.locked(small.path)) {
      _ = try Store(small.path).update(Store.UpdateOptions(), observer: Observer())
    }
    #expect(try Store(small.path).read().hierarchy.clusters.count == 9)
    withExtendedLifetime(lock) {}
  }

  @Test("A lock that was given up is free at once, also while processes are started, which inherit it for a moment")
  func givenUp() throws {
    let small = try SmallStore(width: 0, datasets: ["a"])
    try whileProcessesStart {
      for _ in 0..<1000 {
        let lock = try StoreLock(StoreDirectory(small.path))
        usleep(100)
        withExtendedLifetime(lock) {}
      }
    }
  }

  @Test("What is there and is no store is left alone", arguments: ["file", "directory", "dangling link"])
  func notAStore(kind: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("my.logitree")
    switch kind {
    case "file": try directory.write("precious", to: "my.logitree")
    case "directory":
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      try directory.write("precious", to: "my.logitree/data")
    default: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
    }
    #expect(throws: StoreError.outputIsNoStore(path)) { _ = try SmallStore.build(path) }
    #expect(throws: StoreError.notAStore(path)) { _ = try Store(path) }
    #expect(try directory.content() == ["my.logitree"])
  }

  @Test("A store that is not there, or can't be, is called so")
  func missing() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("my.logitree")
    #expect(throws: StoreError.noSuchStore(path)) { _ = try Store(path) }
    let nested = directory.path("missing") + "/my.logitree"
    #expect(throws: StoreError.file(FileError(.create, nested, .system(.noSuchFileOrDirectory)))) {
      _ = try SmallStore.build(nested)
    }
  }

  @Test("Files that no state lists are removed by the next writer, and others are not")
  func stray() throws {
    let small = try SmallStore()
    for name in ["segment-000999.h5", "evidence-000998.h5", ".manifest.json.7.tmp", "notes.txt"] {
      try Data("x".utf8).write(to: URL(fileURLWithPath: small.path).appending(path: name))
    }
    let before = try small.files
    _ = try Store(small.path).update(Store.UpdateOptions(), observer: Observer())
    let gone = try Set(before).subtracting(small.files)
    #expect(gone == ["segment-000999.h5", "evidence-000998.h5", ".manifest.json.7.tmp"])
  }

  @Test("A file that can't be written in full leaves nothing")
  func failedFile() throws {
    let directory = StoreDirectory(try TemporaryDirectory().url.path)
    try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    #expect(throws: StoreError.self) {
      _ = try directory.addFile("segment-1.h5") { path throws(HDF5Error) -> FileSum in
        _ = FileManager.default.createFile(atPath: path, contents: Data([1, 2, 3]))
        throw HDF5Error(operation: "write", file: path, object: nil, message: "disk full")
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
  }

  @Test("A file that holds something else than was meant to be written does not count")
  func otherFile() throws {
    let directory = StoreDirectory(try TemporaryDirectory().url.path)
    try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    let path = directory.path + "/segment-1.h5"
    #expect(throws: StoreError.file(FileError(.write, path, .isNotAsWritten))) {
      _ = try directory.addFile("segment-1.h5") { temporary throws(HDF5Error) in
        let file = try NewFile(temporary)
        try file.write([1, 2, 3] as [Int64], to: "/x")
        let sum = try file.close()
        let handle = FileHandle(forUpdatingAtPath: temporary)
        handle?.seek(toFileOffset: sum.byteCount > 8 ? 8 : 0)
        handle?.write(Data([255]))
        return sum
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
  }

  @Test("A file that is a pipe or a device, or longer than it should be, is not read")
  func special() throws {
    let small = try SmallStore()
    let manifest = try Store(small.path).read().manifest
    let path = small.path + "/" + manifest.segments[0].file.name
    for make in [
      { #expect(mkfifo(path, 0o600) == 0) },
      { try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero") },
      {
        #expect(FileManager.default.createFile(atPath: path, contents: Data()))
        #expect(truncate(path, 1 << 40) == 0)
      },
      { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) },
    ] {
      try FileManager.default.removeItem(atPath: path)
      try make()
      let findings = try Store(small.path).check()
      #expect(findings.damage.count == 1 && findings.unread.isEmpty, "\(findings)")
    }
  }

  @Test("Rows that no segment holds are found, and segments that hold what they can't are refused")
  func missingRows() throws {
    let small = try SmallStore()
    var manifest = try Store(small.path).read().manifest
    #expect(manifest.missingRows.isEmpty && manifest.inconsistency == nil)
    let removed = manifest.segments.remove(at: 1)
    #expect(manifest.missingRows == removed.slices)
    manifest.segments.append(removed)
    manifest.segments.append(removed)
    #expect(manifest.inconsistency != nil)
  }
}
