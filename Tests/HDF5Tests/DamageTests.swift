import Foundation
import HDF5
import TestSupport
import Testing

@Suite("Damaged and missing files")
struct DamageTests {
  @Test("A file that is not HDF5 is called so", arguments: ["", "text, and no more than that\n"])
  func notHDF5(content: String) throws {
    let fixture = try Fixture("")
    try Data(content.utf8).write(to: URL(fileURLWithPath: fixture.path))
    let error = #expect(throws: HDF5Error.self) { _ = try fixture.open() }
    #expect(error == HDF5Error(operation: "open file", file: fixture.path, message: "not an HDF5 file"))
  }

  @Test("A missing file is called so")
  func missing() throws {
    let error = #expect(throws: HDF5Error.self) { _ = try File(readOnly: "/no/such/file.h5") }
    #expect(error?.description.hasPrefix("/no/such/file.h5: can't open file: ") == true)
    #expect(error?.message.hasSuffix("No such file or directory") == true)
  }

  @Test("A file cut short is called truncated", arguments: [0.3, 0.999])
  func truncated(fraction: Double) throws {
    let fixture = try Fixture("f['x'] = np.zeros((1000, 10))")
    try fixture.truncate(to: fraction)
    let error = #expect(throws: HDF5Error.self) { _ = try fixture.open() }
    #expect(error?.operation == "open file")
    #expect(error?.message.hasPrefix("truncated file: eof = ") == true)
  }

  @Test(
    "A damaged chunk is an error that says what failed, and other chunks can still be read",
    arguments: [
      ("compression='gzip'", "inflate() failed"),
      ("fletcher32=True", "data error detected by Fletcher32 checksum"),
    ])
  func damagedChunk(options: String, message: String) throws {
    let fixture = try Fixture(
      """
      save('x', np.random.default_rng(1).random((20, 30)), chunks=(10, 30), \(options))
      damage('x')
      """)
    let error = #expect(throws: HDF5Error.self) { _ = try fixture.open().dataset("/x").bytes(ofRows: 5..<15) }
    #expect(error == HDF5Error(operation: "read rows 5..<15", file: fixture.path, object: "/x", message: message))

    let bytes = try fixture.open().dataset("/x").bytes(ofRows: 10..<20)
    #expect(try bytes == Array(fixture.savedBytes("x").suffix(10 * 30 * 8)))
  }

  @Test("A size that can't be is an error", arguments: ["(2**62, 4)", "(4, 2**62)", "(2**40, 2**40)"])
  func impossibleSize(shape: String) throws {
    let fixture = try Fixture("f.create_dataset('x', \(shape), 'f4', chunks=(1, 1))")
    let error = #expect(throws: HDF5Error.self) { _ = try fixture.open().dataset("/x") }
    #expect(error?.message.hasPrefix("impossible size: ") == true)
  }

  @Test(
    "Elements that take more or fewer bytes than the shape says are an error, wherever they lie",
    arguments: ["compact", "contiguous"], [537, 900])
  func otherSize(layout: String, rows: Int) throws {
    let fixture = try Fixture(
      """
      properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
      properties.set_layout(h5py.h5d.\(layout.uppercased()))
      space = h5py.h5s.create_simple((700, 37), (700, 37))
      data = h5py.h5d.create(f.id, b'x', h5py.h5t.IEEE_F16LE, space, properties)
      data.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ones((700, 37), 'f2'))
      """)
    #expect(try fixture.open().dataset("/x").rowCount == 700)
    try fixture.script(
      """
      content = open(sys.argv[1], 'rb').read()
      shape = lambda rows: np.array([rows, 37], '<u8').tobytes()
      assert content.count(shape(700)) == 2
      open(sys.argv[1], 'wb').write(content.replace(shape(700), shape(\(rows))))
      """)
    let error = #expect(throws: HDF5Error.self) { _ = try fixture.open().dataset("/x") }
    #expect(error?.message == "it has \(700 * 37 * 2) bytes, where its shape takes \(rows * 37 * 2)")
  }

  @Test("A path that leads to no dataset is an error that names it", arguments: ["/absent", "/group", "/group/absent"])
  func noDataset(path: String) throws {
    let fixture = try Fixture("f.create_group('group')")
    let error = #expect(throws: HDF5Error.self) { _ = try fixture.open().dataset(path) }
    #expect(error?.operation == "open dataset")
    #expect(error?.object == path)
    #expect(error?.message.isEmpty == false)
  }
}
