import Foundation
import SystemPackage
import TestSupport
import Testing

/// When a suite's tests run, and how long each takes without what it waits for before it begins, and of the processors.
///
/// Begun all at once, they would take turns with the processors command by command: hundreds of temporary directories
/// would be there at a time, and each test would take as long as all.
struct Order: SuiteTrait, TestTrait, TestScoping {
  fileprivate static let computing = Turns(4 * ProcessInfo.processInfo.activeProcessorCount)

  /// Nil for tests that don't wait.
  fileprivate let turns: Turns?

  var isRecursive: Bool { true }

  // Not for suites, nor for a test of many cases as a whole.
  func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? { testCase == nil ? nil : self }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard let turns else { return try await measure(test, function) }
    try await turns.take { try await measure(test, function) }
  }

  private func measure(_ test: Test, _ function: () async throws -> Void) async throws {
    let start = ContinuousClock.now
    let used = ProcessorTime()
    defer { note(test, seconds: (ContinuousClock.now - start) / .seconds(1), used: used.seconds) }
    try await ProcessorTime.$current.withValue(used, operation: function)
  }

  /// Adds a line to the file that LOGITREE_TIMES names, for tools/test to list what takes most.
  private func note(_ test: Test, seconds: Double, used: Double) {
    guard let path = ProcessInfo.processInfo.environment["LOGITREE_TIMES"],
      let file = try? FileDescriptor.open(path, .writeOnly, options: [.append, .closeOnExec])
    else { return }
    let times = String(format: "%.2f\t%.2f", used, seconds)
    let line = "\(times)\t\(test.sourceLocation.fileName): \(test.displayName ?? test.name)\n"
    _ = try? file.closeAfter { try file.writeAll(Array(line.utf8)) }
  }
}

extension Trait where Self == Order {
  /// For tests that compute: a few at once, as many as keep the processors busy.
  static var byTurns: Self { Order(turns: Order.computing) }
  /// For tests that mostly wait: whenever they may.
  static var anytime: Self { Order(turns: nil) }
}
