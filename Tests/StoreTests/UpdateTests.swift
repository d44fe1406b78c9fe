import Foundation
import LogitStream
import LogitsToHierarchy
import Store
import TestSupport
import Testing

@Suite("Updating")
struct UpdateTests {
  private let fixture: Fixture
  private let directory: TemporaryDirectory

  init() throws {
    fixture = try Fixture(
      """
      random = np.random.default_rng(5)
      centers = random.normal(0, 1, (8, 3))
      x = ((centers[random.integers(0, 8, 240)] + random.normal(0, 0.8, (240, 3))) @ centers.T * 2).astype("f4")
      save("whole", x)
      for name, rows in [("a", x[:100]), ("b", x[100:150]), ("c", x[150:])]:
        save(name, rows)
      f.create_dataset("growing", data=x[:70], maxshape=(None, 8), chunks=(32, 8))
      """)
    directory = try TemporaryDirectory()
  }

  private func build(_ datasets: String..., width: Int) throws -> (store: Store, built: StoredHierarchy) {
    var options = BuildOptions()
    options.sketchWidth = width
    let path = directory.path("\(UUID().uuidString).logitree")
    let source = try LogitSource(opening: datasets.map { InputSpecification(file: fixture.path, dataset: $0) })
    let built = try Store.build(
      path, from: source, names: (0..<8).map(String.init), options: options, observer: Observer())
    return (try Store(path), built)
  }

  private func update(_ store: Store, _ datasets: String..., rescan: Bool = false) throws -> StoredHierarchy {
    var options = Store.UpdateOptions()
    options.inputs = datasets.map { InputSpecification(file: fixture.path, dataset: $0) }
    if rescan { options.rescannedFiles = [fixture.path] }
    return try store.update(options, observer: Observer())
  }

  @Test("Parts taken in one by one, in any order, give what a build of all gives", arguments: [0, 3, 32])
  func parts(width: Int) throws {
    let expected = try build("whole", width: width).built.hierarchy
    for order in [["a", "b", "c"], ["c", "a", "b"], ["b", "c", "a"]] {
      let store = try build(order[0], width: width).store
      _ = try update(store, order[1])
      #expect(try update(store, order[2]).hierarchy == expected)
      #expect(try update(store, order[0]).hierarchy == expected, "a known input is not taken in twice")
      #expect(try store.check().damage == [])
    }
  }

  @Test("Rows appended in the middle of a chunk are taken in", arguments: [0, 3, 32])
  func appended(width: Int) throws {
    let store = try build("growing", width: width).store
    for end in [75, 160, 240] {
      try fixture.change("f['growing'].resize(\(end), axis=0); f['growing'][:] = f['whole'][:\(end)]")
      #expect(try update(store).manifest.rows == end)
    }
    #expect(try store.read().hierarchy == build("whole", width: width).built.hierarchy)
  }

  @Test("A source that shrank or changed is refused, and can be taken in anew")
  func changed() throws {
    let store = try build("growing", width: 4).store
    let before = try store.read()
    try fixture.change("f['growing'].resize(60, axis=0)")
    #expect(throws: StoreError.sourceShrank(fixture.path, dataset: "/growing", known: 70, found: 60)) {
      _ = try update(store)
    }
    try fixture.change("f['growing'].resize(70, axis=0); f['growing'][:] = f['whole'][:70]; f['growing'][0, 0] += 1")
    #expect(throws: StoreError.sourceChanged(fixture.path, dataset: "/growing")) { _ = try update(store) }
    #expect(try store.read() == before)
    #expect(try store.check().sources.count == 1)
    #expect(try update(store, rescan: true).hierarchy == build("growing", width: 4).built.hierarchy)
    #expect(try store.check().sources == [])
  }

  @Test("Evidence that is there is not computed again")
  func reuse() throws {
    let store = try build("a", "b", width: 1).store
    let files = try store.read().manifest.files.map(\.name)
    let updated = try update(store, "c").manifest
    #expect(Set(updated.files.map(\.name)).isSuperset(of: files))
    #expect(updated.segments[0].evidence.count >= 1)
  }
}
