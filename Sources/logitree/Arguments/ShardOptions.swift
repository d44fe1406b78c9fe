import ArgumentParser
import Store

/// The options of commands that do a share of a step.
struct ShardOptions: ParsableArguments {
  @Option(help: "The share to do, as 3/8: the third of eight, counted from 1. At most 1000000.")
  var shard: Share

  @Option(name: .shortAndLong, help: "The directory in which all shards are put, each in one of its own.")
  var output: String

  mutating func validate() throws {
    guard !output.isEmpty else { throw ValidationError("-o takes the name of a directory.") }
  }
}

extension Share: ExpressibleByArgument {
  public init?(argument: String) { self.init(parsing: argument) }
}
