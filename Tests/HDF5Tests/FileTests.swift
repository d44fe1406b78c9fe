import Foundation
import HDF5
import TestSupport
import Testing

@Suite("Files")
struct FileTests {
  @Test("All datasets are listed by path, those in groups too, once each")
  func listing() throws {
    let fixture = try Fixture(
      """
      f["val/logits"] = np.zeros(3)
      f["train/deep/logits"] = np.zeros(3)
      f["names"] = ["a", "b"]
      f["also names"] = h5py.SoftLink("/names")
      f.create_group("empty")
      """)
    let paths = try fixture.open().datasetPaths()
    #expect(paths == ["/names", "/train/deep/logits", "/val/logits"])
  }

  @Test("A file without datasets lists none")
  func emptyListing() throws {
    let paths = try Fixture("").open().datasetPaths()
    #expect(paths.isEmpty)
  }

  @Test("A dataset outlives its file")
  func lifetime() throws {
    let fixture = try Fixture("save('x', np.arange(4))")
    func dataset() throws -> Dataset { try fixture.open().dataset("/x") }
    let bytes = try dataset().bytes()
    #expect(try bytes == fixture.savedBytes("x"))
  }

  @Test(
    "Shapes and how far they may grow",
    arguments: [
      ("f['x'] = 1.5", [], [], 1),
      ("f['x'] = h5py.Empty('f4')", [0], [0], 0),
      ("f['x'] = np.zeros((0, 5))", [0, 5], [0, 5], 0),
      ("f['x'] = np.zeros((5, 0))", [5, 0], [5, 0], 5),
      ("f.create_dataset('x', (2, 3, 4), maxshape=(None, 3, 8))", [2, 3, 4], [nil, 3, 8], 2),
    ] as [(String, [Int], [Int?], Int)])
  func shapes(script: String, shape: [Int], maximumShape: [Int?], rowCount: Int) throws {
    let dataset = try Fixture(script).open().dataset("/x")

    #expect(dataset.shape == shape)
    #expect(dataset.maximumShape == maximumShape)
    #expect(dataset.rowCount == rowCount)
    let bytes = try dataset.bytes()
    #expect(bytes.count == shape.reduce(dataset.elementByteCount, *))
  }

  @Test("A scalar is read as one row")
  func scalar() throws {
    let bytes = try Fixture("f['x'] = np.uint16(513)").open().dataset("/x").bytes()
    #expect(bytes == [1, 2])
  }

  @Test("Rows of a three-dimensional dataset take in all of the other dimensions")
  func threeDimensions() throws {
    let fixture = try Fixture("save('x', np.arange(60, dtype='u1').reshape(5, 4, 3), chunks=(2, 3, 2))")
    let bytes = try fixture.open().dataset("/x").bytes(ofRows: 1..<4)
    #expect(bytes == Array(12..<48))
  }

  @Test("Reads from several threads at once give every thread its own rows")
  func concurrency() throws {
    let fixture = try Fixture(
      """
      save('gzip', np.arange(8000, dtype='f4').reshape(400, 20), chunks=(7, 20), compression='gzip')
      save('plain', np.arange(8000, dtype='f8').reshape(400, 20))
      """)
    let file = try fixture.open()
    let gzip = try file.dataset("/gzip")
    let plain = try file.dataset("/plain")
    let savedGzip = try fixture.savedBytes("gzip")
    let savedPlain = try fixture.savedBytes("plain")

    DispatchQueue.concurrentPerform(iterations: 80) { task in
      let rows = task * 5..<task * 5 + 5
      #expect(throws: Never.self) {
        let bytes = try gzip.bytes(ofRows: rows)
        #expect(bytes == Array(savedGzip[rows.lowerBound * 80..<rows.upperBound * 80]))
      }
      #expect(throws: Never.self) {
        let bytes = try plain.bytes(ofRows: rows)
        #expect(bytes == Array(savedPlain[rows.lowerBound * 160..<rows.upperBound * 160]))
      }
    }
  }
}
