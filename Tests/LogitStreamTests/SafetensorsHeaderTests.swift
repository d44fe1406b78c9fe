import Foundation
import LogitStream
import TestSupport
import Testing

@Suite("Headers of safetensors files")
struct SafetensorsHeaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A file with this header and so many bytes of data.
  private func file(_ header: some Sequence<UInt8>, dataBytes: Int = 24) throws -> String {
    let header = Array(header)
    let path = directory.path("f.safetensors")
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    try Data(length + header + [UInt8](repeating: 0, count: dataBytes)).write(to: URL(fileURLWithPath: path))
    return path
  }

  private static let good = #""a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}"#

  @Test(
    "What the format allows is read",
    arguments: [
      (#"{\#(good)}"#, 24), (#"{\#(good)}   "#, 24), (#"{ "__metadata__" : {"a":"1","b":""}, \#(good) }"#, 24),
      (#"{"\u0061":{"shape":[2,3],"dtype":"F32","data_offsets":[0,24]}}"#, 24),
      (#"{\#(good),"b":{"dtype":"I8","shape":[3],"data_offsets":[24,27]}}"#, 27),
      (#"{"b":{"dtype":"I8","shape":[3],"data_offsets":[24,27]},\#(good)}"#, 27),
      (#"{\#(good),"none":{"dtype":"F64","shape":[0,5],"data_offsets":[24,24]}}"#, 24),
      (#"{\#(good),"one":{"dtype":"BF16","shape":[],"data_offsets":[24,26]}}"#, 26),
      (#"{\#(good),"new":{"dtype":"F128","shape":[1],"data_offsets":[24,40]}}"#, 40),
      (#"{\#(good),"half":{"dtype":"F4","shape":[2,2],"data_offsets":[24,26]}}"#, 26),
    ])
  func taken(header: String, dataBytes: Int) throws {
    let array = try ArrayContainer(opening: file(header.utf8, dataBytes: dataBytes)).array(named: "a")
    #expect(array.shape == [2, 3] && array.format == LogitFormat(precision: .float32))
  }

  @Test(
    "All else is refused, with what is wrong",
    arguments: [
      (#"{\#(good),\#(good)}"#, "the tensor a is there twice"),
      (#"{\#(good),"\u0061":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#, "the tensor a is there twice"),
      (#"{"__metadata__":{},\#(good),"__metadata__":{}}"#, "__metadata__ is there twice"),
      (#"{"__metadata__":{"x":"1","x":"2"},\#(good)}"#, "x is there twice in __metadata__"),
      (#"{"__metadata__":{"x":1},\#(good)}"#, "\" is missing"),
      (#"{"a":{"dtype":"F32","shape":[2,3],"shape":[3,2],"data_offsets":[0,24]}}"#, "has shape twice"),
      (#"{"a":{"dtype":"F32","shape":[2,3]}}"#, "lacks its dtype"),
      (#"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24],"x":1}}"#, "does not know, x"),
      (#"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0]}}"#, "its two data_offsets"),
      (#"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24,24]}}"#, "more than 2 numbers"),
      (#"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[24,0]}}"#, "its two data_offsets"),
      (#"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}}"#, "has 20 bytes, and its shape 24"),
      (#"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"#, "its tensors have 16 bytes, and 24 are there"),
      (#"{"a":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]}}"#, "ends at byte 32 of the data, and 24 are there"),
      (
        #"{"a":{"dtype":"F32","shape":[1,5],"data_offsets":[4,24]}}"#,
        "begins at byte 4 of the data, where byte 0 is next"
      ),
      (#"{\#(good),"b":{"dtype":"I8","shape":[4],"data_offsets":[20,24]}}"#, "begins at byte 20 of the data"),
      (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,24]}}"#, "is impossible"),
      (#"{"a":{"dtype":"F32","shape":[99999999999999999999,3],"data_offsets":[0,24]}}"#, "an integer from 0 on"),
      (#"{"a":{"dtype":"F32","shape":[2,03],"data_offsets":[0,24]}}"#, "an integer from 0 on"),
      (#"{"a":{"dtype":"F32","shape":[2,-3],"data_offsets":[0,24]}}"#, "an integer from 0 on"),
      (#"{"a":{"dtype":"F32","shape":[2,3.0],"data_offsets":[0,24]}}"#, "] is missing"),
      (#"{"a":{"dtype":"F32","shape":[2,3,],"data_offsets":[0,24]}}"#, "an integer from 0 on"),
      (#"{\#(good),}"#, "\" is missing"), (#"{\#(good)}}"#, "more after the end"), (#"{\#(good)"#, "} is missing"),
      (#" {\#(good)}"#, "does not begin with {"), (#"[\#(good)]"#, "does not begin with {"),
      (#"{"a\ud800":1}"#, "half a character"), (#"{"a\x":1}"#, "what JSON does not know"),
      ("{\"a\n\":1}", "has no end"),
      (#"{"a":null}"#, "{ is missing"), (#"{'a':1}"#, "\" is missing"),
      ("{}", "its tensors have 0 bytes, and 24 are there"),
    ])
  func refused(header: String, reason: String) throws {
    let path = try file(header.utf8)
    let error = #expect(throws: LogitStreamError.self) { _ = try ArrayContainer(opening: path) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
  }

  @Test("A header that is no UTF-8, or is longer than the file, is refused")
  func unreadable() throws {
    let header = Array(#"{"a"#.utf8) + [0xFF] + Array(#"":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#.utf8)
    for bytes in [
      Data(try Data(contentsOf: URL(fileURLWithPath: file(header)))), Data([200, 0, 0, 0, 0, 0, 0, 0, 0x7B]),
    ] {
      let path = directory.path("f.safetensors")
      try bytes.write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: LogitStreamError.self) { _ = try ArrayContainer(opening: path) }
      let said = error?.description ?? ""
      #expect(said.contains("a text is not UTF-8") || said.contains("said to have 200 bytes, and 1 are there"))
    }
  }

  @Test("Names are the same only if their bytes are")
  func names() throws {
    // Canonically equivalent.
    let header =
      #"{"\u90CE":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#
      + #""\uF92C":{"dtype":"F32","shape":[3,2],"data_offsets":[24,48]}}"#
    let container = try ArrayContainer(opening: file(header.utf8, dataBytes: 48))
    #expect(
      try container.array(named: "\u{90CE}").shape == [2, 3] && container.array(named: "\u{F92C}").shape == [3, 2])
  }

  @Test("If no tensor can be logits, those that are there are named with their types")
  func otherTypes() throws {
    let path = try file(#"{"ids":{"dtype":"I64","shape":[1,3],"data_offsets":[0,24]}}"#.utf8)
    #expect(throws: LogitStreamError.noDataset(file: path, found: ["ids (I64, (1 × 3))"])) {
      _ = try ArrayContainer(opening: path).array(named: nil)
    }
  }
}
