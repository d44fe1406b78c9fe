import ArgumentParser
import Files
import Report
import Texts

/// What the argument parser has to say: help, or what is wrong with the command line.
///
/// It says words as they were given. If these hold what must not be printed, it is asked again about words in which that is
/// visible.
struct ParserMessage {
  private let error: any Error
  private let isPlain: Bool

  init(_ error: any Error) {
    let words = Logitree.arguments
    isPlain = words.allSatisfy { !$0.unicodeScalars.contains(where: \.isHidden) }
    guard !isPlain else {
      self.error = error
      return
    }
    do {
      _ = try Logitree.parsed(words.map(Text.visible))
      // It was no word that it complained of.
      self.error = error
    } catch let complaint {
      self.error = complaint
    }
  }

  /// Says it, and ends the program.
  func exit() -> Never {
    let code = Logitree.exitCode(for: error)
    if code.isSuccess {
      // Help, which the parser would print without a look at whether it can be.
      do throws(FileError) {
        try Console.print(Message(drawn: Logitree.fullMessage(for: error) + "\n"))
      } catch {
        Console.error("\(error)")
        Logitree.exit(withError: ExitCode(ExitStatus.inputOutput.rawValue))
      }
    } else if isPlain {
      Logitree.exit(withError: error)
    } else {
      let lines = Logitree.fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
      Console.note(lines.map { "\($0)" as Message }.joined(separator: "\n"))
    }
    Logitree.exit(withError: code)
  }
}
