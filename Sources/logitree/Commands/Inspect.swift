import ArgumentParser
import Files
import LogitStream
import LogitsToHierarchy
import Report
import Store

/// `logitree inspect`: what is in a file, what can be built from it, and what that would cost.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the arrays of a file, and what building would cost.",
    discussion: """
      Says what can be built, how it would be read, and how to rewrite what would be read slowly.

        logitree inspect logits.h5
        logitree inspect logits.h5:/model/logits --json
      """)

  @Argument(help: "A file (HDF5, .npy, safetensors), or FILE:/dataset for one of its arrays.")
  var input: String

  @Flag(help: "Take the first dimension for that of the clusters.")
  var transposed = false

  @Flag(help: "Print JSON, for other programs to read.")
  var json = false

  func run() throws {
    let specification = InputSpecification(parsing: input)
    let container = try ArrayContainer(opening: specification.file)
    let names = if let given = specification.dataset { [given] } else { try container.names() }
    var descriptions: [ArrayDescription] = []
    for name in names {
      descriptions.append(ArrayDescription(try container.array(named: name), isTransposed: transposed))
    }
    if json { return try OutputFile.writeToStandardOutput(Array(JSONText.of(descriptions.map(\.record)).utf8)) }
    var text = names.isEmpty ? "\(specification.file): no datasets\n" : ""
    for description in descriptions {
      text += "\(description.name.isEmpty ? specification.file : description.name)\n"
      for line in description.lines { text += "  \(line)\n" }
    }
    try OutputFile.writeToStandardOutput(Array(text.utf8))
  }
}

/// What `inspect` tells programs of an array. Sizes are in bytes, times in seconds.
private struct ArrayRecord: Encodable {
  let name: String
  let shape: [Int]
  let type: String
  let layout: String
  let filters: [String]
  let storedByteCount: Int
  /// Why nothing can be built from the array. If something can, the figures below are given instead.
  var problem: String?
  var samples: Int?
  var clusters: Int?
  var byteCount: Int?
  var memoryByteCount: Int?
  var passSeconds: Double?
}

/// What `inspect` tells people of an array.
private struct ArrayDescription {
  private let array: StoredArray
  private let input: Result<LogitInput, LogitStreamError>

  init(_ array: StoredArray, isTransposed: Bool) {
    self.array = array
    input = Result { () throws(LogitStreamError) in try LogitInput(describing: array, isTransposed: isTransposed) }
  }

  var name: String { array.name }

  /// What it tells programs.
  var record: ArrayRecord {
    var record = ArrayRecord(
      name: array.name, shape: array.shape, type: array.type, layout: array.layout, filters: array.filters,
      storedByteCount: array.storedByteCount)
    switch input {
    case .failure(let error): record.problem = Advice.message(error)
    case .success(let input):
      let byteCount = input.rows * input.rowByteCount
      record.samples = input.rows
      record.clusters = input.clusters
      record.byteCount = byteCount
      record.memoryByteCount = memory(input)
      record.passSeconds = seconds(byteCount, input)
    }
    return record
  }

  var lines: [String] {
    switch input {
    case .failure(let error): [facts, "can't be built: \(Advice.message(error))"]
    case .success(let input):
      [
        facts, path,
        "can be built: \(Text.count(input.rows, "sample")) × \(Text.count(input.clusters, "cluster")), \(cost(input))",
      ] + hints(input)
    }
  }

  private var facts: String {
    let shape = array.shape.isEmpty ? "scalar" : array.shape.map(Text.grouped).joined(separator: " × ")
    var stored = "\(ByteCount(array.storedByteCount)) in the file"
    if let ratio = compressionRatio { stored += ", compressed to \(Text.fixed(100 * ratio, digits: 0)) %" }
    return ([shape, array.type, array.layout] + array.filters + [stored]).joined(separator: ", ")
  }

  /// The stored bytes as a part of the elements' bytes; nil without filters.
  private var compressionRatio: Double? {
    guard !array.filters.isEmpty, let format = array.format, array.storedByteCount > 0 else { return nil }
    return Double(array.storedByteCount) / array.shape.reduce(Double(format.byteCount)) { $0 * Double($1) }
  }

  private var path: String {
    switch array.access {
    case .contiguous: "read directly"
    case .chunked(let filters): filters.isEmpty ? "read directly" : "read directly, decoded by all threads"
    case .library(let reason): "read through the HDF5 library (\(reason)), by one thread at a time"
    case .unwritten, .unreadable: "nothing to read"
    }
  }

  private func cost(_ input: LogitInput) -> String {
    let byteCount = input.rows * input.rowByteCount
    return
      "\(ByteCount(byteCount)) to read once or twice, \(Text.roughly(seconds(byteCount, input))) each time if the file "
      + "is in the page cache, about \(ByteCount(memory(input))) of memory"
  }

  private func memory(_ input: LogitInput) -> Int {
    let resources = RunResources(memory: RunResources().memory, threads: RunOptions.cores)
    guard let source = try? LogitSource([input]),
      let plan = try? MemoryPlan(source, options: BuildOptions(), resources: resources)
    else { return resources.memory }
    return plan.likelyByteCount(MemoryDemand(source), resources)
  }

  /// The seconds that a pass takes on this machine's processors, from speeds measured on one (docs/performance.md).
  private func seconds(_ byteCount: Int, _ input: LogitInput) -> Double {
    let cores = Double(RunOptions.cores)
    let logits = Double(byteCount / input.format.byteCount)
    let computing = logits / (3.5e8 * cores)
    switch array.access {
    case .chunked(let filters):
      let decoding = filters.contains { $0 == .deflate } ? 1e9 : filters.contains { $0 == .lzf } ? 1.5e9 : 8e9
      return computing + Double(byteCount) / (decoding * cores)
    case .library: return computing + Double(byteCount) / (array.filters.isEmpty ? 3e9 : 7e8)
    case .contiguous, .unwritten, .unreadable: return computing
    }
  }

  /// What makes the layout slow to read, and the command that mends it.
  private func hints(_ input: LogitInput) -> [String] {
    guard let chunkShape = array.chunkShape, !array.name.isEmpty else { return [] }
    let chunkRows = input.alignment.unit
    let chunkByteCount = chunkShape.reduce(input.format.byteCount, *)
    let bandByteCount = min(chunkRows, input.rows) * input.rowByteCount
    let problem: String
    if chunkByteCount < 16 << 10, input.rows * input.rowByteCount > 16 << 20 {
      problem = "chunks of \(ByteCount(chunkByteCount)) are small, and each has to be found"
    } else if input.readsWholeChunks, bandByteCount > 32 << 20 {
      problem =
        "chunks of many rows and few columns: \(ByteCount(bandByteCount)) must be decoded for any row"
    } else {
      return []
    }
    return ["slow: \(problem); faster after: \(Repacking(input).command)"]
  }
}
