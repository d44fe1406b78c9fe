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

  @Argument(
    help: "A file (HDF5, .npy, .npz, .pt, safetensors) or Zarr directory, or FILE:/dataset for one of its arrays.")
  var input: String

  @OptionGroup var rawOptions: RawOptions

  @Flag(help: "Take the first dimension for that of the clusters.")
  var transposed = false

  @Option(help: "Also show who gets what of so much memory, as 512MiB or 2GiB.")
  var memory: ByteCount?

  @Flag(help: "Print JSON, for other programs to read.")
  var json = false

  func run() throws {
    var specification = InputSpecification(parsing: input)
    specification.isTransposed = transposed
    try rawOptions.check([specification], takesStream: false)
    specification.raw = rawOptions.format()
    let container = try ArrayContainer(opening: specification)
    let listing =
      if let given = specification.dataset {
        [ListedArray(name: given, array: try container.array(named: given))]
      } else { try container.listing() }
    var descriptions = listing.map { ListedDescription($0, isTransposed: transposed, memory: memory) }
    let logits = descriptions.compactMap(\.logits)
    for index in descriptions.indices { descriptions[index].look(at: logits) }
    if json { return try OutputFile.writeToStandardOutput(Array(JSONText.of(descriptions.map(\.record)).utf8)) }
    var lines: [Message] = listing.isEmpty ? ["\(specification.file): no datasets\n"] : []
    for description in descriptions {
      lines.append("\(name: description.listed.name.isEmpty ? specification.file : description.listed.name)\n")
      lines += description.lines.map { "  \($0)\n" }
    }
    try Console.print((lines + TopKHint.lines(listing, in: specification.file)).joined())
  }
}
