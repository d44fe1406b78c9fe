import ArgumentParser
import CAllocator
import Glibc
import Texts

/// The program: parses the command line, runs the command, and turns errors into messages and exit codes.
@main
struct Logitree: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logitree",
    abstract: "Turns logits (samples × clusters) into the hierarchy of their clusters.",
    discussion: """
      logitree build logits.h5 --names classes.txt -o my.logitree

      Look at it, cut it, sort samples by it, hold it against what is known:

        logitree show my.logitree
        logitree export my.logitree --format html -o my.html
        logitree levels my.logitree
        logitree cut my.logitree -k 20 -o groups.csv
        logitree assign my.logitree logits.h5 --confidence 0.9 -o nodes.h5
        logitree evaluate my.logitree --labels labels.npy
        logitree compare my.logitree taxonomy.csv
        logitree baseline my.logitree --method average-affinity -o other.nwk

      logitree help scan says how several processes share a build.
      """,
    version: "0.1.0",
    subcommands: [
      Build.self, Update.self, Support.self, Annotate.self, Inspect.self, Show.self, Export.self, LevelsCommand.self,
      CutCommand.self,
      Assign.self, Evaluate.self, Compare.self, Baseline.self, Check.self, Scan.self, Combine.self, Sweep.self,
    ])

  /// The words of the command line, each with the bytes it was given in: names of files need not be UTF-8.
  static var arguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { CommandLine.unsafeArgv[$0].map { String(systemCharacters: $0) } }
  }

  static func main() {
    callocator_keep_little()
    // Beyond the size that a batch system lets a file have, writing is an error like others, not the end.
    signal(SIGXFSZ, SIG_IGN)
    let arguments = Self.arguments
    do {
      var command = try parsed(arguments)
      do {
        try command.run()
      } catch let error as ValidationError {
        // What is wrong shows only now, and how to call the program would not help.
        Console.error("\(error.message)")
        Glibc.exit(ExitStatus.usage.rawValue)
      }
    } catch {
      guard let status = ExitStatus(error) else { ParserMessage(error).exit() }
      Console.error(Advice.message(error))
      Glibc.exit(status.rawValue)
    }
  }

  /// The command that the words of a command line make.
  static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    try CommandLineMistakes.check(arguments, commands: configuration.subcommands.map { $0._commandName } + ["help"])
    return try parseAsRoot(CommandLineMistakes.joiningNumbers(arguments))
  }
}
