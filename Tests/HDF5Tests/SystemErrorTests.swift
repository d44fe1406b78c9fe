import Foundation
import HDF5
import SystemPackage
import TestSupport
import Testing

@Suite("Errors of the system that reach the HDF5 library")
struct SystemErrorTests {
  @Test("A file that is not there is missing, not damaged")
  func missing() {
    let error = #expect(throws: HDF5Error.self) { _ = try File(readOnly: "/no/such/file.h5") }
    #expect(error?.systemError == .noSuchFileOrDirectory)
    #expect(error?.category == .missing)
  }

  @Test("A read that fails is the system's fault, not the file's")
  func unreadable() throws {
    let directory = try TemporaryDirectory()
    let error = #expect(throws: HDF5Error.self) { _ = try File(readOnly: directory.url.path) }
    #expect(error?.systemError == .isDirectory, "\(String(describing: error))")
    #expect(error?.category == .inputOutput)
  }

  @Test("A virtual dataset's source that the system can't open is no fill value: both files are named")
  func virtualSource() throws {
    let fixture = try Fixture(
      """
      layout = h5py.VirtualLayout((4, 3), "f4")
      layout[:] = h5py.VirtualSource("source.h5", "x", (4, 3))
      f.create_virtual_dataset("x", layout)
      """)
    let source = URL(fileURLWithPath: fixture.path).deletingLastPathComponent().appending(path: "source.h5")
    try FileManager.default.createDirectory(at: source, withIntermediateDirectories: false)
    var bytes = [UInt8](repeating: 0, count: 48)
    let error = #expect(throws: HDF5Error.self) {
      let dataset = try fixture.open().dataset("/x")
      try bytes.withUnsafeMutableBytes { try dataset.readRows(0..<4, into: $0) }
    }
    #expect(error?.systemError == .isDirectory && error?.file == fixture.path, "\(String(describing: error))")
    #expect(error?.message.contains("source.h5") == true, "\(String(describing: error))")
  }

  @Test("A file that can't be created tells the system's reason")
  func uncreatable() throws {
    let directory = try TemporaryDirectory()
    let error = #expect(throws: HDF5Error.self) { _ = try NewFile(directory.path("missing/x.h5")) }
    #expect(error?.systemError == .noSuchFileOrDirectory)
  }

  @Test("What is wrong with a file itself has no code of the system's")
  func damaged() throws {
    let fixture = try Fixture("f['x'] = np.zeros((1000, 10))")
    try fixture.truncate(to: 0.5)
    let error = #expect(throws: HDF5Error.self) { _ = try fixture.open() }
    #expect(error?.systemError == nil && error?.category == .badData)
  }
}
