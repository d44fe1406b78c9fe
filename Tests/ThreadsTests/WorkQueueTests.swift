import Foundation
import Synchronization
import Testing
import Threads

/// `forEachItem` with what the tests vary first. Returns whether it was complete, and not interrupted.
private func work(
  on count: Int, workers: Int, until shouldStop: @escaping @Sendable () -> Bool = { false },
  _ body: @escaping @Sendable (_ next: () -> Int?) throws -> Void
) throws -> Bool {
  do {
    try forEachItem(count, workers: workers, shouldStop: shouldStop, work: body)
    return true
  } catch is Interrupted {
    return false
  }
}

private struct Failure: Error, Equatable { let item: Int }

@Suite("Workers")
struct WorkersTests {
  /// Which items were worked on, in the order in which they were.
  private final class Log: Sendable {
    let items = Mutex<[Int]>([])
    func add(_ item: Int) { items.withLock { $0.append(item) } }
    var all: [Int] { items.withLock { $0 } }
  }

  @Test("Every item is worked on once", arguments: [0, 1, 2, 7, 500], [1, 2, 3, 16])
  func once(count: Int, workers: Int) throws {
    let log = Log()
    let isComplete = try work(on: count, workers: workers) { next in
      while let item = next() { log.add(item) }
    }
    #expect(isComplete)
    #expect(log.all.sorted() == Array(0..<count))
  }

  @Test("The error thrown is that of the first item that fails, whatever the threads", arguments: [1, 2, 3, 8], 0..<10)
  func firstFailure(workers: Int, round: Int) {
    let failing = [3 + round, 4 + round, 5 + round, 40]
    let log = Log()
    #expect(throws: Failure(item: failing[0])) {
      _ = try work(on: 10_000, workers: workers) { next in
        while let item = next() {
          log.add(item)
          // The first to fail takes longest; what follows takes its time too, so that the failure is not too late.
          if item == failing[0] { Thread.sleep(forTimeInterval: 0.01) }
          if failing.contains(item) { throw Failure(item: item) }
          if item > failing[0] { Thread.sleep(forTimeInterval: 0.001) }
        }
      }
    }
    // All before it were finished, and not many were begun after.
    #expect(Set(0...failing[0]).isSubset(of: log.all))
    #expect(log.all.count < 10_000)
  }

  @Test("Items begun before a failure are finished")
  func finished() {
    let begun = Log()
    let done = Log()
    #expect(throws: Failure(item: 5)) {
      _ = try work(on: 1000, workers: 4) { next in
        while let item = next() {
          begun.add(item)
          if item == 5 { throw Failure(item: item) }
          Thread.sleep(forTimeInterval: 0.002)
          done.add(item)
        }
      }
    }
    #expect(Set(begun.all).subtracting(done.all) == [5])
  }

  @Test("A worker that can't begin is an error", arguments: [1, 3])
  func noStart(workers: Int) {
    #expect(throws: Failure(item: -1)) {
      _ = try work(on: 10, workers: workers) { _ in throw Failure(item: -1) }
    }
  }

  @Test("Told to stop, workers take no more items, and the work is not complete", arguments: [1, 2, 4])
  func stops(workers: Int) throws {
    let log = Log()
    let hasEnough: @Sendable () -> Bool = { log.all.count >= 20 }
    let isComplete = try work(on: 10_000, workers: workers, until: hasEnough) { next in
      while let item = next() { log.add(item) }
    }
    #expect(!isComplete)
    #expect(log.all.count >= 20 && log.all.count < 20 + workers)
  }

  @Test("Stopped after the last item, the work is complete")
  func stoppedTooLate() throws {
    let log = Log()
    let hasEnough: @Sendable () -> Bool = { log.all.count >= 20 }
    let isComplete = try work(on: 20, workers: 2, until: hasEnough) { next in
      while let item = next() { log.add(item) }
    }
    #expect(isComplete)
  }
}
