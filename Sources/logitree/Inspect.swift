import ArgumentParser
import HDF5
import LogitStream
import LogitsToHierarchy
import Store

/// `logitree inspect`: what is in a file, what can be built from it, and what that would cost.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the datasets of a file, and what building would cost.")

  @Argument(help: "An HDF5 file, or FILE:/dataset for one of its datasets.")
  var input: String

  func run() throws {
    let specification = InputSpecification(parsing: input)
    let file = try LogitInput.open(specification.file)
    let paths: [String]
    if let dataset = specification.dataset { paths = [dataset] } else { paths = try LogitInput.datasetPaths(in: file) }
    var text = ""
    if paths.isEmpty { text = "\(specification.file): no datasets\n" }
    for path in paths {
      let dataset = try LogitInput.openDataset(path, in: file)
      text += "\(path)\n  \(try DatasetDescription.facts(of: dataset).joined(separator: ", "))\n"
      text += "  \(DatasetDescription.use(of: dataset))\n"
    }
    try OutputFile.writeToStandardOutput(Array(text.utf8))
  }
}

/// The words that `inspect` has for a dataset.
private enum DatasetDescription {
  static func facts(of dataset: borrowing Dataset) throws -> [String] {
    let shape = dataset.shape.isEmpty ? "scalar" : dataset.shape.map(Text.grouped).joined(separator: " × ")
    let stored: Int
    do { stored = try dataset.storageBytes } catch { throw LogitStreamError.library(error) }
    var facts = [shape, dataset.elementType.description, dataset.layout.description]
    facts += dataset.filters.map { $0.description + ($0.isAvailable ? "" : " (not available)") }
    facts.append("\(ByteCount(stored)) in the file")
    return facts
  }

  /// Whether a hierarchy can be built, and what it takes; or why not.
  static func use(of dataset: borrowing Dataset) -> String {
    let input: LogitInput
    do {
      input = try LogitInput(describing: dataset)
    } catch {
      return "can't be built: \(error)"
    }
    let memory =
      HierarchyBuilder.fixedMemory(clusters: input.clusters) + Machine.cores * max(1 << 20, input.rowByteCount)
    return "can be built: \(Text.count(input.rows, "sample")) × \(Text.count(input.clusters, "cluster")), "
      + "\(ByteCount(input.rows * input.rowByteCount)) to read in each pass, about \(ByteCount(memory)) of memory"
  }
}
