import ArgumentParser
import CAllocator
import Foundation

/// The program: parses the command line, runs the command, and turns errors into messages and exit codes.
@main
struct Logitree: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logitree",
    abstract: "Turns logits (HDF5, samples × clusters) into the hierarchy of their clusters.",
    discussion: """
      logitree build logits.h5 -o my.logitree
      logitree show my.logitree
      logitree export my.logitree --format linkage -o linkage.npy
      """,
    version: "0.1.0",
    subcommands: [
      Build.self, Update.self, Inspect.self, Show.self, Export.self, CutCommand.self, Assign.self, Evaluate.self,
      Compare.self, Check.self, Scan.self, Combine.self, Sweep.self,
    ])

  static func main() {
    callocator_keep_little()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard let status = ExitStatus(error) else { exit(withError: error) }
      Console.error("\(error)")
      Foundation.exit(status.rawValue)
    }
  }
}
