import HDF5
import TestSupport
import Testing

@Suite("Storage")
struct StorageTests {
  @Test(
    "The share of the elements that has a place in the file is told, however it is stored",
    arguments: [
      ("f['x'] = np.zeros((6, 4))", Allocation.full),
      ("f.create_dataset('x', (6, 4))", .none),
      ("f.create_dataset('x', data=np.zeros((7, 4)), chunks=(3, 3), compression='gzip')", .full),
      ("f.create_dataset('x', (7, 4), chunks=(3, 3), compression='gzip')[:6] = 1", .partial),
      ("f.create_dataset('x', (7, 4), chunks=(3, 3))", .none),
      ("f.create_dataset('x', (0, 4), chunks=(3, 3), maxshape=(None, 4))", .full),
    ])
  func allocation(script: String, allocation: Allocation) throws {
    let dataset = try Fixture(script).open().dataset("/x")
    let found = try dataset.allocation
    #expect(found == allocation)
  }

  @Test("The bytes in the file are those of all elements, or fewer if they are compressed or were never written")
  func storageBytes() throws {
    let fixture = try Fixture(
      """
      f["plain"] = np.zeros((100, 10), "f4")
      f.create_dataset("gzip", data=np.zeros((100, 10), "f4"), compression="gzip")
      f.create_dataset("unwritten", (100, 10), "f4")
      """)
    let file = try fixture.open()
    let plain = try file.dataset("/plain").storageBytes
    let gzip = try file.dataset("/gzip").storageBytes
    let unwritten = try file.dataset("/unwritten").storageBytes

    #expect(plain == 4000)
    #expect(gzip > 0 && gzip < 1000)
    #expect(unwritten == 0)
  }
}
