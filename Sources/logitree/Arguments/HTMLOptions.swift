import ArgumentParser

/// The options of `export --format html` alone.
struct HTMLOptions: ParsableArguments {
  @Flag(help: "Leave out the affinity matrix, for a smaller file.")
  var noMatrix = false

  /// The names of the options that were given.
  var given: [String] { noMatrix ? ["--no-matrix"] : [] }
}
