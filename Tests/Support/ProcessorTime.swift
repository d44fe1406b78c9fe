import Synchronization

/// The processor time of what a test has started and has seen the end of.
package final class ProcessorTime: Sendable {
  /// That of the test that runs; nil outside of tests that ask.
  @TaskLocal package static var current: ProcessorTime?

  private let total = Mutex(0.0)

  package init() {}

  package var seconds: Double { total.withLock { $0 } }

  package func add(_ seconds: Double) { total.withLock { $0 += seconds } }
}
