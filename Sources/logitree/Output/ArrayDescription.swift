import LogitStream
import LogitsToHierarchy
import Report

/// What `inspect` tells programs of an array. Sizes are in bytes, times in seconds.
struct ArrayRecord: Encodable {
  let name: String
  /// What the name is, if it is a link.
  var link: String?
  /// What the array is, unless it can't be read.
  var shape: [Int]?
  var type: String?
  var layout: String?
  var filters: [String]?
  var storedByteCount: Int?
  /// What it could be for the logits in the same file: `labels` or `names`.
  var couldBe: CompanionHint?
  /// Why nothing can be built from the array. If something can, the figures below are given instead.
  var problem: String?
  var samples: Int?
  var clusters: Int?
  var byteCount: Int?
  var memoryByteCount: Int?
  var passSeconds: Double?
  /// Who gets what of the memory that a build may take: its phases, with the most that each part takes.
  var memoryPlan: [Phase]?

  struct Phase: Encodable {
    let phase: String
    let parts: [String: Int]

    init(_ phase: MemoryPhase) {
      self.phase = phase.name
      parts = Dictionary(phase.parts.map { ($0.name.replacing(" ", with: "_"), $0.byteCount) }, uniquingKeysWith: +)
    }
  }
}

/// What `inspect` tells of a name in a file.
struct ListedDescription {
  let listed: ListedArray
  private let description: ArrayDescription?
  /// What it could be for logits, if it is none.
  private var hint: CompanionHint?

  init(_ listed: ListedArray, isTransposed: Bool, memory: ByteCount?) {
    self.listed = listed
    description = listed.array.map { ArrayDescription($0, isTransposed: isTransposed, memory: memory) }
  }

  /// What it is as logits; nil if it is none.
  var logits: LogitInput? { description?.logits }

  /// Finds out what it could be for the logits in the same file, if it is none itself.
  mutating func look(at logits: [LogitInput]) {
    guard self.logits == nil, let array = listed.array else { return }
    hint = CompanionHint(array, beside: logits)
  }

  /// What it tells programs.
  var record: ArrayRecord {
    var record = description?.record ?? ArrayRecord(name: listed.name, problem: listed.problem)
    record.link = listed.link
    record.couldBe = hint
    return record
  }

  /// What it tells people.
  var lines: [Message] {
    let link: [Message] = listed.link.map { ["\($0)"] } ?? []
    if let hint, let array = listed.array, let facts = description?.facts {
      return link + ["\(facts)", hint.text(LogitInput.location(array.file, array.name))]
    }
    return link + (description?.lines ?? ["can't be read: \(listed.problem ?? "")"])
  }
}

/// What `inspect` tells people of an array.
struct ArrayDescription {
  private let array: StoredArray
  private let input: Result<LogitInput, LogitStreamError>
  /// The memory to show the plan of, if one is asked for.
  private let memory: ByteCount?

  init(_ array: StoredArray, isTransposed: Bool, memory: ByteCount?) {
    self.array = array
    self.memory = memory
    input = Result { () throws(LogitStreamError) in try LogitInput(describing: array, isTransposed: isTransposed) }
  }

  /// What it tells programs.
  var record: ArrayRecord {
    var record = ArrayRecord(
      name: array.name, shape: array.shape, type: array.type, layout: array.layout, filters: array.filters,
      storedByteCount: array.storedByteCount)
    switch input {
    case .failure(let error): record.problem = Advice.message(error).text
    case .success(let input):
      let byteCount = input.rows * input.rowByteCount
      record.samples = input.rows
      record.clusters = input.clusters
      record.byteCount = byteCount
      record.memoryByteCount = likelyMemory(input)
      record.memoryPlan = (try? plan(input))?.0.phases.map(ArrayRecord.Phase.init)
      record.passSeconds = seconds(byteCount, input)
    }
    return record
  }

  var lines: [Message] {
    switch input {
    case .failure(let error): ["\(facts)", "can't be built: \(Advice.message(error))"]
    case .success(let input):
      [
        "\(facts)", "\(path)",
        "can be built: \(Text.count(input.rows, "sample")) × \(Text.count(input.clusters, "cluster")), \(cost(input))",
      ] + hints(input) + planLines(input)
    }
  }

  /// nil if it is no logits.
  var logits: LogitInput? { try? input.get() }

  var facts: String {
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
    case .deflated where logits?.isScattered == true:
      "read directly from a file in TMPDIR that one thread has inflated it into"
    case .deflated: "read directly, inflated by all threads after one has gone through it once and checked it"
    case .chunked(let filters): filters.isEmpty ? "read directly" : "read directly, decoded by all threads"
    case .library(let reason): "read through the HDF5 library (\(reason)), by one thread at a time"
    case .unwritten, .unreadable: "nothing to read"
    }
  }

  private func cost(_ input: LogitInput) -> String {
    let byteCount = input.rows * input.rowByteCount
    return
      "\(ByteCount(byteCount)) to read, in 1 to 4 passes for real models so far, "
      + "\(Text.roughly(seconds(byteCount, input))) each if the file is in the page cache, about \(ByteCount(likelyMemory(input))) of memory"
      + (kept(input).map { "; \($0)" } ?? "")
  }

  /// What is kept of each row unless something else is said; nil if that can't be told.
  private func kept(_ input: LogitInput) -> String? {
    guard let source = try? LogitSource([input]) else { return nil }
    let width = min(BuildOptions.sketchWidth(for: source, keepsSketches: false), input.clusters)
    guard width > 0 else { return "no logits are kept of rows, since to read them again is cheaper" }
    return "the \(width) largest logits of each row are kept"
  }

  private var resources: RunResources {
    RunResources(memory: memory?.bytes ?? RunResources().memory, threads: RunOptions.cores)
  }

  /// The plan of a build with options as they are.
  private func plan(_ input: LogitInput) throws -> (MemoryPlan, MemoryDemand) {
    let source = try LogitSource([input])
    let demand = MemoryDemand(source)
    let width = BuildOptions.sketchWidth(for: source, keepsSketches: false)
    return (try MemoryPlan(demand, sketchWidth: width, resources: resources), demand)
  }

  private func likelyMemory(_ input: LogitInput) -> Int {
    guard let (plan, demand) = try? plan(input) else { return resources.memory }
    return plan.likelyByteCount(demand, resources)
  }

  /// Who gets what of the memory, if that is asked for: a line for each phase of a build.
  private func planLines(_ input: LogitInput) -> [Message] {
    guard let memory else { return [] }
    do {
      return try plan(input).0.phases.map { phase in
        let parts = phase.parts.filter { $0.byteCount > 0 }.map { "\($0.name) \(ByteCount($0.byteCount))" }
        return """
          of \(memory), \(phase.name) takes at most \(ByteCount(phase.byteCount)): \(parts.joined(separator: ", "))
          """
      }
    } catch {
      return [Advice.message(error)]
    }
  }

  /// The seconds that a pass takes on this machine's processors, from speeds measured on one (docs/performance.md).
  private func seconds(_ byteCount: Int, _ input: LogitInput) -> Double {
    let cores = Double(RunOptions.cores)
    let logits = Double(byteCount / input.format.byteCount)
    let computing = logits / (3.5e8 * cores)
    switch array.access {
    case .chunked(let filters):
      return filters.reduce(computing) { $0 + Double(byteCount) / (speed($1) * cores) }
    // One thread inflates it first, and what is in rows is inflated again, by all.
    case .deflated: return computing + Double(byteCount) / 3e8 * (input.isScattered ? 1 : 1 + 1 / cores)
    case .library: return computing + Double(byteCount) / (array.filters.isEmpty ? 3e9 : 7e8)
    case .contiguous, .unwritten, .unreadable: return computing
    }
  }

  /// The bytes that come out of a filter in a second, on one processor.
  private func speed(_ filter: ChunkFilter) -> Double {
    switch filter {
    case .deflate, .gzip: 1e9
    case .zstandard: 1.2e9
    case .lzf, .blosc: 1.5e9
    case .bitshuffle, .lz4, .crc32c: 3e9
    case .shuffle, .fletcher32: 1e10
    }
  }

  /// What makes the layout slow to read, and the command that mends it.
  private func hints(_ input: LogitInput) -> [Message] {
    guard let chunkShape = array.chunkShape, array.name.hasPrefix("/") else { return [] }
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
    return ["slow: \(problem); faster after: \(command: Repacking(input).command)"]
  }
}
