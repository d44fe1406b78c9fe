import Report
import Store
import Synchronization

/// Reports on standard error how far a run has come. On a terminal it is a line that renews itself; elsewhere each pass
/// has a line.
final class ProgressReporter: RunObserver {
  private struct Pass {
    var number = 0
    var heading = ""
    var totalRows = 0
    /// What is counted as rows are.
    var unit = "row"
    var rows = 0
    var bytes = 0
    var start = ContinuousClock.now
    var lastReport = ContinuousClock.now
  }

  private let isQuiet: Bool
  private let pass = Mutex(Pass())

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Runs `work`, which may take long and can be interrupted.
  static func run<Result>(isQuiet: Bool, _ work: (ProgressReporter) throws -> Result) throws -> Result {
    Interruption.watch()
    let reporter = ProgressReporter(isQuiet: isQuiet)
    do {
      return try work(reporter)
    } catch {
      reporter.finish()
      throw error
    }
  }

  var shouldStop: Bool { Interruption.isRequested }

  func willStart(_ phase: RunPhase) {
    switch phase {
    case .scan(let rows): beginPass("scan", rows: rows)
    case .sweep(let groups, let rows): beginPass("sweep for \(Text.count(groups, "group"))", rows: rows)
    case .correlate(let rows): pass.withLock { $0 = Pass(heading: "mean logits", totalRows: rows) }
    case .assign(let rows): pass.withLock { $0 = Pass(heading: "assign", totalRows: rows) }
    case .resample(let replicates, let merges):
      pass.withLock { $0 = Pass(heading: "\(Text.count(replicates, "replicate"))", totalRows: merges, unit: "merge") }
    case .calibrate(let rows): pass.withLock { $0 = Pass(heading: "calibrate", totalRows: rows) }
    case .weigh(let rows, let temperature):
      beginPass("temperature \(Text.significant(temperature, digits: 6))", rows: rows)
    case .merge:
      // It takes too little time to report.
      break
    }
  }

  func didNotice(_ remark: String) {
    guard !isQuiet else { return }
    finish()
    Console.note("\(remark)")
  }

  private func beginPass(_ purpose: String, rows: Int) {
    pass.withLock {
      let number = $0.number + 1
      $0 = Pass(number: number, heading: "pass \(number), \(purpose)", totalRows: rows)
    }
  }

  func didRead(rows: Int, bytes: Int) {
    guard !isQuiet else { return }
    pass.withLock { pass in
      pass.rows += rows
      pass.bytes += bytes
      let now = ContinuousClock.now
      let isDone = pass.rows == pass.totalRows
      // How long the rest takes can't be told before something is done.
      guard pass.rows > 0 else { return }
      // This is called for every block. Mostly there is nothing to report.
      guard isDone || (Console.isTerminal && now - pass.lastReport > .milliseconds(100)) else { return }
      pass.lastReport = now
      let seconds = (now - pass.start).seconds
      let speed =
        pass.unit == "row"
        ? Text.speed(rows: pass.rows, bytes: pass.bytes, seconds: seconds)
        : "\(Text.number(Double(pass.rows) / max(seconds, 1e-9))) \(pass.unit)s/s"
      if isDone {
        if Console.isTerminal { Console.overwriteLine("") }
        Console.note(
          "\(pass.heading): \(Text.count(pass.rows, pass.unit)) in \(Text.duration(seconds)), \(speed)")
      } else {
        let part = Double(pass.rows) / Double(pass.totalRows)
        Console.overwriteLine(
          "\(pass.heading): \(Text.grouped(pass.rows)) of \(Text.count(pass.totalRows, pass.unit)) "
            + "(\(Int(100 * part)) %), \(speed), \(Text.duration(seconds / part - seconds)) left")
      }
    }
  }

  /// Clears an unfinished line, so that a message can follow.
  func finish() {
    if !isQuiet, Console.isTerminal { Console.overwriteLine("") }
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
