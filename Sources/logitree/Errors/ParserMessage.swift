import ArgumentParser
import Report

/// What the argument parser has to say: help, or what is wrong with the command line.
///
/// It says words as they were given. If these hold what must not be printed, it is asked again about words in which that is
/// visible.
struct ParserMessage {
  private let error: any Error
  private let isPlain: Bool

  init(_ error: any Error) {
    let words = Logitree.arguments
    isPlain = words.allSatisfy { !$0.unicodeScalars.contains(where: Text.isHidden) }
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
    guard !isPlain, !Logitree.exitCode(for: error).isSuccess else { Logitree.exit(withError: error) }
    let lines = Logitree.fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
    Console.note(lines.map { "\($0)" as Message }.joined(separator: "\n"))
    Logitree.exit(withError: Logitree.exitCode(for: error))
  }
}
