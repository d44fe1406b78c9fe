import LogitsToHierarchy
import Synchronization

/// Says on standard error how far a build has come: a line that renews itself on a terminal, else a line for each pass.
final class ProgressReporter: BuildObserver {
  private struct State {
    var pass = 0
    var passStart = ContinuousClock.now
    var lastReport = ContinuousClock.now
  }

  private let isQuiet: Bool
  private let state = Mutex(State())

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  var shouldStop: Bool { Interruption.isRequested }

  func report(_ progress: BuildProgress) {
    guard !isQuiet else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      if progress.pass != state.pass {
        state.pass = progress.pass
        state.passStart = now
      }
      let seconds = (now - state.passStart).seconds
      if progress.rows == progress.totalRows {
        if Console.isTerminal { Console.overwriteLine("") }
        Console.note(
          "pass \(progress.pass): \(Text.count(progress.rows, "row")) in \(Text.duration(seconds)), "
            + Text.speed(rows: progress.rows, bytes: progress.bytes, seconds: seconds))
      } else if Console.isTerminal, now - state.lastReport > .milliseconds(100) {
        state.lastReport = now
        Console.overwriteLine(line(progress, seconds: seconds))
      }
    }
  }

  /// Clears an unfinished line, so that a message can follow.
  func finish() {
    if !isQuiet, Console.isTerminal { Console.overwriteLine("") }
  }

  private func line(_ progress: BuildProgress, seconds: Double) -> String {
    let part = Double(progress.rows) / Double(progress.totalRows)
    let percent = Int(100 * part)
    return "pass \(progress.pass): \(Text.grouped(progress.rows)) of \(Text.count(progress.totalRows, "row")) "
      + "(\(percent) %), \(Text.speed(rows: progress.rows, bytes: progress.bytes, seconds: seconds)), "
      + "\(Text.duration(seconds / part - seconds)) left"
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
