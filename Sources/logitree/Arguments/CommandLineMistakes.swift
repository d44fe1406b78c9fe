import ArgumentParser

/// Mistakes on the command line that the argument parser takes for something else.
enum CommandLineMistakes {
  /// Makes sure that the first word is a command, and that no word like `-x.h5` is taken for the options -x, -., -h and
  /// so on, of which -h prints help, with success.
  static func check(_ arguments: [String], commands: [String]) throws(ValidationError) {
    if let word = arguments.prefix(while: { $0 != "--" }).first(where: isNoOption) {
      throw ValidationError("'\(word)' is no option. A file of that name is ./\(word).")
    }
    guard let command = arguments.first, !command.hasPrefix("-"), !commands.contains(command) else { return }
    let similar = commands.min { distance($0, command) < distance($1, command) }
    let suggestion = similar.map { distance($0, command) <= 2 ? " Did you mean '\($0)'?" : "" } ?? ""
    throw ValidationError("There is no command '\(command)'.\(suggestion)")
  }

  /// The words, with numbers below 0 joined to the options that they follow: `--replicates=-1` for `--replicates -1`. Else the
  /// parser takes them for options, and says that a value is missing.
  static func joiningNumbers(_ arguments: [String]) -> [String] {
    var joined: [String] = []
    let options = arguments.prefix { $0 != "--" }
    for word in options {
      if word.wholeMatch(of: /-[0-9.]+/) != nil, let last = joined.last, last.starts(with: /--?[A-Za-z]/),
        !last.contains("=")
      {
        joined[joined.count - 1] = "\(last)=\(word)"
      } else {
        joined.append(word)
      }
    }
    return joined + arguments.dropFirst(options.count)
  }

  /// Whether a word begins like an option of one letter and is none: `-o`, `-o=file` and numbers below 0 may be.
  private static func isNoOption(_ word: String) -> Bool {
    word.starts(with: /-[^-]/) && word.wholeMatch(of: /-([A-Za-z](=.*)?|[0-9.]+)/) == nil
  }

  /// How many letters must be changed, put in, left out or exchanged with the next to make one word of another
  /// (optimal string alignment).
  private static func distance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first.utf8), Array(second.utf8.prefix(64)))
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let isSame = first[row] == second[column]
        var least = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          least = min(least, beforeLast[column - 1] + 1)
        }
        current.append(least)
      }
      (beforeLast, last) = (last, current)
    }
    return last[second.count]
  }
}
