import ArgumentParser
import FoundationEssentials
import Report

/// Whether to write in colours.
struct ColourOption: ParsableArguments {
  enum Choice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
  }

  @Option(
    name: [.customLong("colour"), .customLong("color")],
    help: ArgumentHelp(
      "Use colours. auto: in a terminal, unless NO_COLOR is set or TERM is dumb.", valueName: "when"))
  var choice: Choice = .auto

  /// The style to write in. As no-color.org says, NO_COLOR counts if it is not empty, and the command line wins over
  /// it.
  var style: TerminalStyle {
    let environment = ProcessInfo.processInfo.environment
    switch choice {
    case .never: return .plain
    case .auto:
      let isUnwanted = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
      let terminal = environment["TERM"] ?? "dumb"
      guard Console.outputIsTerminal, !isUnwanted, terminal != "dumb", !terminal.isEmpty else { return .plain }
    case .always: break
    }
    return TerminalStyle(["truecolor", "24bit"].contains(environment["COLORTERM"]) ? .full : .indexed)
  }
}
