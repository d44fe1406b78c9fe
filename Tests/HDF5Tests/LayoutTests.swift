import HDF5
import TestSupport
import Testing

@Suite("Layouts and filters")
struct LayoutTests {
  /// A way to store an array of 20 × 6 float32.
  struct Storage: Sendable, CustomTestStringConvertible {
    let options: String
    let layout: Layout
    var filters: [String] = []
    var testDescription: String { options.isEmpty ? "contiguous" : options }
  }

  static let storages = [
    Storage(options: "", layout: .contiguous),
    Storage(options: "chunks=(8, 6)", layout: .chunked(chunkShape: [8, 6])),
    Storage(options: "chunks=(7, 4)", layout: .chunked(chunkShape: [7, 4])),
    Storage(options: "chunks=(20, 1)", layout: .chunked(chunkShape: [20, 1])),
    Storage(options: "chunks=(1, 6), maxshape=(None, 6)", layout: .chunked(chunkShape: [1, 6])),
    Storage(
      options: "chunks=(8, 6), compression='gzip', compression_opts=3, shuffle=True",
      layout: .chunked(chunkShape: [8, 6]), filters: ["shuffle", "gzip 3"]),
    Storage(
      options: "chunks=(3, 4), fletcher32=True",
      layout: .chunked(chunkShape: [3, 4]), filters: ["fletcher32"]),
    Storage(
      options: "chunks=(8, 6), compression='gzip', fletcher32=True",
      layout: .chunked(chunkShape: [8, 6]), filters: ["gzip 4", "fletcher32"]),
    Storage(
      options: "chunks=(8, 6), scaleoffset=3",
      layout: .chunked(chunkShape: [8, 6]), filters: ["scaleoffset"]),
  ]

  @Test("Any range of rows is read right from any layout", arguments: storages)
  func ranges(storage: Storage) throws {
    let separator = storage.options.isEmpty ? "" : ", "
    let fixture = try Fixture(
      "save('x', np.arange(120, dtype='f4').reshape(20, 6)\(separator)\(storage.options))")
    let dataset = try fixture.open().dataset("/x")

    #expect(dataset.layout == storage.layout)
    #expect(dataset.filters.map(\.name) == storage.filters)
    #expect(dataset.filters.filter { !$0.isAvailable }.isEmpty)
    #expect(dataset.rowByteCount == 24)
    let saved = try fixture.savedBytes("x")
    for first in 0...20 {
      for end in first...20 {
        let bytes = try dataset.bytes(ofRows: first..<end)
        #expect(bytes == Array(saved[first * 24..<end * 24]), "rows \(first)..<\(end)")
      }
    }
  }

  @Test("A compact dataset is read from its header")
  func compact() throws {
    let fixture = try Fixture(
      """
      properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
      properties.set_layout(h5py.h5d.COMPACT)
      space = h5py.h5s.create_simple((2, 3))
      dataset = h5py.h5d.create(f.id, b"x", h5py.h5t.STD_U8LE, space, properties)
      dataset.write(space, space, np.arange(6, dtype="u1"))
      """)
    let dataset = try fixture.open().dataset("/x")

    #expect(dataset.layout == .compact)
    let bytes = try dataset.bytes(ofRows: 1..<2)
    #expect(bytes == [3, 4, 5])
  }

  @Test("A virtual dataset is read from its sources")
  func virtual() throws {
    let fixture = try Fixture(
      """
      whole = h5py.VirtualLayout((4, 3), "u1")
      for i in range(2):
        f[f"part{i}"] = np.arange(6, dtype="u1").reshape(2, 3) + 10 * i
        whole[2 * i : 2 * i + 2] = h5py.VirtualSource(f[f"part{i}"])
      f.create_virtual_dataset("x", whole)
      """)
    let dataset = try fixture.open().dataset("/x")

    #expect(dataset.layout == .virtual)
    let bytes = try dataset.bytes(ofRows: 1..<3)
    #expect(bytes == [3, 4, 5, 10, 11, 12])
  }

  @Test("A chunk's filter that is not there is named, when the dataset is described and when it is read")
  func missingFilter() throws {
    let fixture = try Fixture("f.create_dataset('x', data=np.zeros((100, 100)), chunks=(50, 100), compression='lzf')")
    let file = try fixture.open()
    let dataset = try file.dataset("/x")

    let filter = try #require(dataset.filters.first)
    #expect(filter.id == 32000)
    #expect(filter.name == "lzf")
    guard !filter.isAvailable else { return }
    let error = #expect(throws: HDF5Error.self) { _ = try fixture.open().dataset("/x").bytes() }
    #expect(error?.message == "the filter lzf is needed, which this HDF5 library does not have")
  }
}
