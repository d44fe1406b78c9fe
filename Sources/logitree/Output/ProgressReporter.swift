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
    /// Whether nobody knows how many there will be.
    var isOpenEnded = false
    /// What is counted as rows are.
    var unit = "row"
    var rows = 0
    /// Whether its last line was printed.
    var isReported = false
    var bytes = 0
    var start = ContinuousClock.now
    var lastReport = ContinuousClock.now

    /// How many rows, or what is counted as they are, were done in a second.
    func speed(in seconds: Double) -> String {
      unit == "row"
        ? Text.speed(rows: rows, bytes: bytes, seconds: seconds)
        : "\(Text.grouped(Int(Double(rows) / max(seconds, 1e-9)))) \(unit)s/s"
    }
  }

  private let isQuiet: Bool
  private let pass = Mutex(Pass())
  private let findsSupportAnew = Atomic(false)

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Runs `work`, which may take long and can be interrupted.
  static func run<Result>(isQuiet: Bool, _ work: (ProgressReporter) throws -> Result) throws -> Result {
    Interruption.watch()
    let reporter = ProgressReporter(isQuiet: isQuiet)
    do {
      let result = try work(reporter)
      reporter.complete()
      return result
    } catch {
      reporter.finish()
      throw error
    }
  }

  var shouldStop: Bool { Interruption.isRequested }

  /// Whether this run finds the support of the hierarchy that it makes.
  var findsSupport: Bool {
    get { findsSupportAnew.load(ordering: .relaxed) }
    set { findsSupportAnew.store(newValue, ordering: .relaxed) }
  }

  func willStart(_ phase: RunPhase) {
    complete()
    switch phase {
    case .scan(let rows): beginPass("scan", rows: rows)
    case .stream:
      let number = pass.withLock { $0.number + 1 }
      begin(Pass(number: number, heading: "pass \(number), scan", isOpenEnded: true))
    case .sweep(let groups, let rows): beginPass("sweep for \(Text.count(groups, "group"))", rows: rows)
    case .correlate(let rows): begin(Pass(heading: "mean logits", totalRows: rows))
    case .assign(let rows): begin(Pass(heading: "assign", totalRows: rows))
    case .resample(let replicates, let merges):
      begin(Pass(heading: "\(Text.count(replicates, "replicate"))", totalRows: merges, unit: "merge"))
    case .calibrate(let rows): begin(Pass(heading: "calibrate", totalRows: rows))
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

  func didDropSupport(of path: String) {
    guard !isQuiet else { return }
    finish()
    Console.note(Advice.droppedSupport(of: path, isFoundAnew: findsSupport))
  }

  func didDropTaxonomy(of path: String) {
    guard !isQuiet else { return }
    finish()
    Console.note(Advice.droppedTaxonomy(of: path))
  }

  private func beginPass(_ purpose: String, rows: Int) {
    let number = pass.withLock { $0.number + 1 }
    begin(Pass(number: number, heading: "pass \(number), \(purpose)", totalRows: rows))
  }

  /// Begins a pass. On a terminal it shows at once: it may take seconds until something of it is done.
  private func begin(_ next: Pass) {
    pass.withLock {
      $0 = next
      guard !isQuiet, Console.isTerminal, next.totalRows > 0 else { return }
      Console.overwriteLine("\(next.heading): 0 of \(Text.count(next.totalRows, next.unit))")
    }
  }

  func didRead(rows: Int, bytes: Int) {
    guard !isQuiet else { return }
    pass.withLock { pass in
      pass.rows += rows
      pass.bytes += bytes
      let now = ContinuousClock.now
      let isDone = !pass.isOpenEnded && pass.rows == pass.totalRows
      // How long the rest takes can't be told before something is done.
      guard pass.rows > 0 else { return }
      // This is called for every block. Mostly there is nothing to report.
      guard isDone || (Console.isTerminal && now - pass.lastReport > .milliseconds(100)) else { return }
      pass.lastReport = now
      let seconds = (now - pass.start).seconds
      if isDone {
        Self.report(&pass)
      } else if pass.isOpenEnded {
        Console.overwriteLine(
          "\(pass.heading): \(Text.count(pass.rows, pass.unit)), \(pass.speed(in: seconds))")
      } else {
        let part = Double(pass.rows) / Double(pass.totalRows)
        // What matters most comes first: a narrow terminal cuts off the end.
        Console.overwriteLine(
          "\(pass.heading): \(Text.grouped(pass.rows)) of \(Text.count(pass.totalRows, pass.unit)) "
            + "(\(Int(100 * part)) %), \(Text.duration(seconds / part - seconds)) left, \(pass.speed(in: seconds))")
      }
    }
  }

  /// Reports a pass that is over, and has not said so: one that had less to do than was expected.
  private func complete() {
    guard !isQuiet else { return }
    pass.withLock {
      guard $0.totalRows > 0 || $0.isOpenEnded, !$0.isReported else { return }
      if $0.rows > 0 { Self.report(&$0) } else if Console.isTerminal { Console.overwriteLine("") }
    }
  }

  /// Prints the last line of a pass.
  private static func report(_ pass: inout Pass) {
    pass.isReported = true
    let seconds = (ContinuousClock.now - pass.start).seconds
    if Console.isTerminal { Console.overwriteLine("") }
    Console.note(
      "\(pass.heading): \(Text.count(pass.rows, pass.unit)) in \(Text.duration(seconds)), \(pass.speed(in: seconds))")
  }

  /// Clears an unfinished line, so that a message can follow.
  func finish() {
    if !isQuiet, Console.isTerminal { Console.overwriteLine("") }
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
