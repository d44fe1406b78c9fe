import Foundation
import LogitStream
import TestSupport
import Testing

@Suite("Inputs as the command line names them")
struct InputSpecificationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let file: String
    var dataset: String?
    var testDescription: String { text }
  }

  @Test(
    "FILE and FILE:/dataset are told apart by the last colon before a slash",
    arguments: [
      Case(text: "logits.h5", file: "logits.h5"),
      Case(text: "dir/logits.h5:/train", file: "dir/logits.h5", dataset: "/train"),
      Case(text: "/abs/logits.h5:/a/b c", file: "/abs/logits.h5", dataset: "/a/b c"),
      Case(text: "odd:name.h5", file: "odd:name.h5"),
      Case(text: "odd:name.h5:/x", file: "odd:name.h5", dataset: "/x"),
      Case(text: "a:/b.h5:/x", file: "a:/b.h5", dataset: "/x"),
      Case(text: "logits.h5:x", file: "logits.h5:x"),
    ])
  func parsed(example: Case) {
    let specification = InputSpecification(parsing: example.text)
    #expect(specification.file == example.file)
    #expect(specification.dataset == example.dataset)
  }

  @Test("A file whose name is the whole text wins")
  func existingFile() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("a:") + "/b.h5"
    #expect(InputSpecification(parsing: path) == InputSpecification(file: directory.path("a"), dataset: "/b.h5"))
    try FileManager.default.createDirectory(atPath: directory.path("a:"), withIntermediateDirectories: false)
    try directory.write("", to: "a:/b.h5")
    #expect(InputSpecification(parsing: path) == InputSpecification(file: path))
  }

  @Test("An array of any name may be named in a file that is there")
  func existingFileAndName() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("", to: "model.safetensors")
    #expect(
      InputSpecification(parsing: path + ":head:logits") == InputSpecification(file: path, dataset: "head:logits"))
  }
}
