import Checksums
import Foundation
import HDF5
import TestSupport
import Testing

private let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")

@Suite("Files that are written")
struct NewFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func write(_ body: (borrowing NewFile) throws -> Void) throws -> File {
    let path = directory.path("new.h5")
    let file = try NewFile(path)
    try body(file)
    try file.close()
    return try File(readOnly: path)
  }

  @Test("Numbers are read back as they were written, in groups that are made on the way")
  func numbers() throws {
    let file = try write { file in
      try file.write([-1, 2, .min] as [Int32], to: "/a/b/numbers")
      try file.write([0.5, -.infinity] as [Float], to: "/numbers")
    }
    #expect(try file.datasetPaths() == ["/a/b/numbers", "/numbers"])
    #expect(try file.dataset("/a/b/numbers").readNumbers(Int32.self) == [-1, 2, .min])
    #expect(try file.dataset("/numbers").readNumbers(Float.self) == [0.5, -.infinity])
  }

  @Test("Strings keep their letters and lengths", arguments: [[], [""], ["cat", "Käfer", "", "黒猫 🐈‍⬛"]])
  func strings(strings: [String]) throws {
    let file = try write { file in try file.write(strings, to: "/names") }
    #expect(try file.dataset("/names").readStrings() == strings)
  }

  @Test("A name that is taken is refused, and the error names it")
  func taken() throws {
    _ = try write { file in
      try file.write(["a"], to: "/x")
      let error = #expect(throws: HDF5Error.self) { try file.write(["b"], to: "/x") }
      #expect(error?.object == "/x" && error?.operation == "create dataset", "\(String(describing: error))")
      #expect(error?.message != "the HDF5 library gives no reason")
    }
  }

  @Test("The sum of what was written is that of the file, whatever was written in what order")
  func sum() throws {
    let path = directory.path("new.h5")
    let file = try NewFile(path)
    let rows = try file.createDataset("/rows", .float64, shape: [100_000, 3])
    try file.setAttribute("what", .text("numbers"))
    try file.write((0..<3000).map { "name \($0)" }, to: "/names")
    for start in stride(from: 90_000, through: 0, by: -10_000) {
      let numbers = (0..<30_000).map { Double(start * 3 + $0) }
      try numbers.withUnsafeBytes { try rows.write(start..<start + 10_000, from: $0) }
    }
    try rows.close()
    let sum = try file.close()
    let content = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(sum == FileSum(byteCount: content.count, checksum: Checksum.of(content)))
    #expect(try File(readOnly: path).dataset("/rows").readNumbers(Double.self).suffix(1) == [299_999])
  }

  @Test("Whatever a full disk does not take is told, at the latest by closing", .enabled(if: hasFullDevice))
  func full() throws {
    for count in [0, 1, 3_000_000] {
      let file = try NewFile("/dev/full")
      var failure: HDF5Error?
      do throws(HDF5Error) {
        try file.write([UInt8](repeating: 1, count: count).map { Int32($0) }, to: "/x")
        _ = try file.close()
      } catch {
        failure = error
      }
      #expect(failure?.systemError == .noSpace && failure?.category == .inputOutput, "\(String(describing: failure))")
    }
  }

  @Test("A file that was closed can be opened at once, also while processes are started, which inherit it for a moment")
  func reopened() throws {
    try whileProcessesStart {
      for number in 0..<500 {
        let file = try write { file in try file.write([Int64(number)], to: "/number") }
        #expect(try file.dataset("/number").readNumbers(Int64.self) == [Int64(number)])
      }
    }
  }
}
