import Foundation
import Synchronization

/// A new directory that goes away, with all that is in it, with this value, or with the process.
package final class TemporaryDirectory: Sendable {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "LogitreeTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    removal.add(url)
  }

  deinit { removal.remove(url) }

  /// The path of `name` in the directory.
  package func path(_ name: String) -> String { url.appending(path: name).path }

  /// What is in the directory, hidden files too, in order.
  package func content() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }

  /// Writes a file of text and returns its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

  /// Writes a file and returns its path.
  @discardableResult
  package func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: url.appending(path: name))
    return path(name)
  }
}

/// The directories there are now. Those that global values hold are removed when the process ends.
private final class Removal: Sendable {
  private let directories = Mutex<Set<URL>>([])

  init() {
    atexit { removal.removeAll() }
  }

  func add(_ directory: URL) { directories.withLock { _ = $0.insert(directory) } }

  func remove(_ directory: URL) {
    try? FileManager.default.removeItem(at: directory)
    directories.withLock { _ = $0.remove(directory) }
  }

  private func removeAll() {
    for directory in directories.withLock({ $0 }) { remove(directory) }
  }
}

private let removal = Removal()
