import Foundation
import HDF5
import SystemPackage
import TestSupport
import Testing

@Suite("Elements in external files")
struct ExternalFilesTests {
  private let fixture: Fixture
  private let shape = [7, 5, 3, 4]

  init() throws {
    fixture = try Fixture(
      """
      folder = os.path.dirname(sys.argv[1])
      array = np.arange(7 * 5 * 3 * 4, dtype=">i4").reshape(7, 5, 3, 4)
      bytes = array.tobytes()
      cuts = [0, 1, 700, len(bytes)]
      parts = []
      for number, (start, end) in enumerate(zip(cuts, cuts[1:])):
        name = os.path.join(folder, f"part-{number}")
        open(name, "wb").write(b"?" * number + bytes[start:end])
        parts.append((name, number, end - start))
      parts[-1] = (parts[-1][0], parts[-1][1], h5py.h5f.UNLIMITED)
      f.create_dataset("x", array.shape, ">i4", external=parts)
      """)
  }

  @Test("Any box is read from files that are cut anywhere", arguments: seeds(30))
  func boxes(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let start = shape.map { Int.random(in: 0..<$0, using: &random) }
    let count = zip(shape, start).map { Int.random(in: 1...$0 - $1, using: &random) }
    var expected: [Int32] = []
    for a in start[0]..<start[0] + count[0] {
      for b in start[1]..<start[1] + count[1] {
        for c in start[2]..<start[2] + count[2] {
          for d in start[3]..<start[3] + count[3] { expected.append(Int32(((a * 5 + b) * 3 + c) * 4 + d)) }
        }
      }
    }
    var found = [Int32](repeating: -1, count: expected.count)
    let dataset = try File(readOnly: fixture.path).dataset("/x")
    try found.withUnsafeMutableBytes { try dataset.read(start: start, count: count, into: $0, operation: "read") }
    #expect(found.map(\.bigEndian) == expected)
  }

  @Test("What the system can't give has its reason, and what is not there is no zero")
  func failures() throws {
    let path = URL(fileURLWithPath: fixture.path).deletingLastPathComponent().appending(path: "part-1").path
    func failure() throws -> HDF5Error? {
      var bytes = [UInt8](repeating: 0, count: shape.reduce(4, *))
      let dataset = try File(readOnly: fixture.path).dataset("/x")
      return #expect(throws: HDF5Error.self) {
        try bytes.withUnsafeMutableBytes { try dataset.readRows(0..<shape[0], into: $0) }
      }
    }
    #expect(truncate(path, 300) == 0)
    #expect(try failure()?.message == "the external file \(path) ends early")
    try FileManager.default.removeItem(atPath: path)
    #expect(try failure()?.systemError == .noSuchFileOrDirectory)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let error = try failure()
    #expect(error?.systemError == .isDirectory && error?.message.contains(path) == true, "\(String(describing: error))")
  }
}
