import Files
import Foundation
import LogitStream
import TestSupport
import Testing

/// A file with one dataset of each kind that is refused, and two that are not.
private let zoo = Result {
  try Fixture(
    """
    f["good"] = np.zeros((3, 4), "f4")
    f["group/good"] = np.zeros((3, 4), ">f8")
    f["line"] = np.zeros(5, "f4")
    f["cube"] = np.zeros((2, 3, 4), "f4")
    f["scalar"] = np.float32(1)
    f["integers"] = np.zeros((3, 4), "i4")
    f["text"] = ["a", "b"]
    f["oneColumn"] = np.zeros((3, 1), "f4")
    f["noColumns"] = np.zeros((3, 0), "f4")
    f["noRows"] = np.zeros((0, 4), "f4")
    f.create_dataset("wide", (1, 2**30 + 1), "f4", chunks=(1, 1024))
    f.create_dataset("never", (10, 4), "f4")
    partly = f.create_dataset("partly", (10, 4), "f4", chunks=(2, 4))
    partly[:4] = 1
    f.create_dataset("chunked", data=np.zeros((10, 4), "f2"), chunks=(3, 2), compression="gzip")
    f["link"] = h5py.SoftLink("/good")
    """)
}

@Suite("Opening inputs")
struct LogitInputTests {
  @Test("A dataset of logits is described")
  func described() throws {
    let path = try zoo.get().path
    let good = try LogitInput(opening: InputSpecification(file: path, dataset: "good"))
    #expect(good.file == path && good.dataset == "/good")
    #expect(good.rows == 3 && good.clusters == 4 && good.rowByteCount == 16 && good.chunkShape == nil)
    #expect(good.format == LogitFormat(precision: .float32))

    let big = try LogitInput(opening: InputSpecification(file: path, dataset: "/group/good"))
    #expect(big.format == LogitFormat(precision: .float64, isBigEndian: true))
    #expect(big.format.description == "big-endian float64")

    let chunked = try LogitInput(opening: InputSpecification(file: path, dataset: "/chunked"))
    #expect(
      chunked.chunkShape == [3, 2] && chunked.alignment.unit == 3 && chunked.format.description == "float16"
        && chunked.rowByteCount == 8)

    let cube = try LogitInput(opening: InputSpecification(file: path, dataset: "/cube"))
    #expect(cube.rows == 6 && cube.clusters == 4)
    let turned = try LogitInput(opening: InputSpecification(file: path, dataset: "/cube", isTransposed: true))
    #expect(turned.rows == 12 && turned.clusters == 2)

    let link = try LogitInput(opening: InputSpecification(file: path, dataset: "/link"))
    #expect(link.rows == 3)
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let dataset: String
    let error: @Sendable (_ file: String) -> LogitStreamError
    var testDescription: String { dataset }

    init(_ dataset: String, _ error: @escaping @Sendable (String) -> LogitStreamError) {
      self.dataset = dataset
      self.error = error
    }
  }

  @Test(
    "A dataset that can't be logits is refused, with what it is",
    arguments: [
      Refusal("/line") { .wrongDimensions(file: $0, dataset: "/line", shape: [5]) },
      Refusal("/scalar") { .wrongDimensions(file: $0, dataset: "/scalar", shape: []) },
      Refusal("/integers") { .notFloatingPoint(file: $0, dataset: "/integers", type: "int32") },
      Refusal("/text") { .notFloatingPoint(file: $0, dataset: "/text", type: "string") },
      Refusal("/oneColumn") { .tooFewClusters(file: $0, dataset: "/oneColumn", found: 1) },
      Refusal("/noColumns") { .tooFewClusters(file: $0, dataset: "/noColumns", found: 0) },
      Refusal("/noRows") { .noRows(file: $0, dataset: "/noRows") },
      Refusal("/wide") { .tooManyClusters(file: $0, dataset: "/wide", found: 1 << 30 + 1) },
    ])
  func refused(refusal: Refusal) throws {
    let path = try zoo.get().path
    let error = #expect(throws: LogitStreamError.self) {
      _ = try LogitInput(opening: InputSpecification(file: path, dataset: refusal.dataset))
    }
    #expect(error == refusal.error(path))
    #expect(error?.description.hasPrefix("\(path):\(refusal.dataset): ") == true)
  }

  @Test("A dataset that is not there is an error that lists those that are")
  func noSuchDataset() throws {
    let fixture = try Fixture("f['a'] = np.zeros((2, 2)); f['b'] = 1")
    let error = #expect(throws: LogitStreamError.self) {
      _ = try LogitInput(opening: InputSpecification(file: fixture.path, dataset: "/c"))
    }
    #expect(error == .noSuchDataset(file: fixture.path, dataset: "/c", found: ["/a", "/b"]))
  }

  @Test("Without a name, the one dataset that could be logits is taken")
  func onlyCandidate() throws {
    let fixture = try Fixture(
      "f['labels'] = np.zeros(9, 'i4'); f['deep/logits'] = np.zeros((9, 3)); f['v'] = np.zeros(3)")
    #expect(try LogitInput(opening: InputSpecification(file: fixture.path)).dataset == "/deep/logits")
    let empty = try Fixture("f['a'] = np.zeros((0, 3)); f['l'] = np.zeros((9, 3))")
    #expect(try LogitInput(opening: InputSpecification(file: empty.path)).dataset == "/l")
  }

  @Test("Without a name, none or several that could be logits are an error that lists them")
  func noneOrSeveral() throws {
    let none = try Fixture("f['labels'] = np.zeros(9, 'i4'); f['v'] = np.zeros(3)")
    #expect(throws: LogitStreamError.noDataset(file: none.path, found: ["/labels (int32, (9))", "/v (float64, (3))"])) {
      _ = try LogitInput(opening: InputSpecification(file: none.path))
    }
    let several = try Fixture("f['a'] = np.zeros((2, 2)); f['b'] = np.zeros((2, 2)); f['c'] = 1.0")
    #expect(throws: LogitStreamError.severalDatasets(file: several.path, candidates: ["/a", "/b"])) {
      _ = try LogitInput(opening: InputSpecification(file: several.path))
    }
  }

  @Test("What is no HDF5 file is called what it is")
  func noFile() throws {
    let directory = try TemporaryDirectory()
    let missing = directory.path("missing.h5")
    #expect(throws: LogitStreamError.noSuchFile(missing)) {
      _ = try LogitInput(opening: InputSpecification(file: missing))
    }
    #expect(throws: LogitStreamError.unreadableFile(FileError(.open, directory.url.path, .isDirectory))) {
      _ = try LogitInput(opening: InputSpecification(file: directory.url.path))
    }
    let text = try directory.write("1,2,3\n", to: "logits.csv")
    #expect(throws: LogitStreamError.unknownFormat(text, .text(hasHeader: false, hasWords: false))) {
      _ = try LogitInput(opening: InputSpecification(file: text))
    }
  }

  @Test("Inputs of one data set have the same clusters; their rows add up")
  func sources() throws {
    let fixture = try Fixture(
      "f['a'] = np.zeros((2, 5)); f['b'] = np.zeros((7, 5), 'f4'); f['c'] = np.zeros((1, 6), 'f4')")
    let (a, b, c) = (
      InputSpecification(file: fixture.path, dataset: "a"), InputSpecification(file: fixture.path, dataset: "b"),
      InputSpecification(file: fixture.path, dataset: "c")
    )
    let source = try LogitSource(opening: [a, b, a])
    #expect(source.rows == 11 && source.clusters == 5 && source.byteCount == 2 * 40 + 7 * 20 + 2 * 40)
    let error = #expect(throws: LogitStreamError.self) { _ = try LogitSource(opening: [a, b, c]) }
    #expect(
      error
        == .differentClusters(
          file: fixture.path, dataset: "/c", found: 6, expected: 5, expectedIn: "\(fixture.path):/a"))
  }
}
