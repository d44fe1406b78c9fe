import Foundation
import TestSupport
import Testing

/// A temporary directory in which Python writes files and the program works; it goes away with the value.
///
/// Names in scripts and arguments are relative to it. Scripts have NumPy as `np`, h5py, `json`, `os`, `sys`, the
/// modules `oracle` and `make_cases`, and
/// - `save(file, array, dataset="logits", **options)`: adds a dataset to a file;
/// - `blobs(n, k, seed=1)`: float32 logits of n rows over k clusters that have near and far relatives.
final class Workspace: Sendable {
  let url: URL

  /// An empty workspace.
  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "logitree-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// A workspace with what a script makes in it.
  convenience init(_ script: String) async throws {
    try self.init()
    if !script.isEmpty { try await python(script) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

  func write(_ data: Data, to name: String) throws { try data.write(to: url.appending(path: name)) }

  /// All files and directories, hidden ones too, with the sizes of files: what a run must leave alone.
  ///
  /// What a program at work renames or removes while it is being listed is looked at again.
  func listing() throws -> [String] {
    while true {
      do {
        return try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted().map { name in
          let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
          let isFile = attributes[.type] as? FileAttributeType == .typeRegular
          return isFile ? "\(name) \(attributes[.size] ?? 0)" : name
        }
      } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
        continue
      }
    }
  }

  /// Runs the program to its end.
  func logitree(_ arguments: [String], environment: [String: String] = [:]) async throws -> Finished {
    let loadsPlugins = environment["HDF5_PLUGIN_PATH"] != nil
    return try await Command.run(
      loadsPlugins ? Package.dynamicBinary() : Package.binary(), arguments, in: url, environment: environment)
  }

  func logitree(_ arguments: String...) async throws -> Finished { try await logitree(arguments) }

  /// Starts the program.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Command {
    try Command.start(Package.binary(), arguments, in: url, environment: environment)
  }

  /// Runs the program, which must succeed, and returns what it writes on standard output.
  @discardableResult
  func succeed(_ arguments: [String]) async throws -> Data {
    let finished = try await logitree(arguments)
    guard finished.status == 0 else {
      throw Failure(description: "logitree \(arguments.joined(separator: " ")): \(finished.status), \(finished.errors)")
    }
    return finished.output
  }

  @discardableResult
  func succeed(_ arguments: String...) async throws -> Data { try await succeed(arguments) }

  /// Builds quietly, whatever the store is of, and returns the bytes of the exported merges.
  func build(_ arguments: [String], to store: String = "out.logitree") async throws -> Data {
    try await succeed(["build", "-o", store, "--replace", "--quiet"] + arguments)
    return try await succeed("export", store, "--format", "merges")
  }

  func build(_ arguments: String...) async throws -> Data { try await build(arguments) }

  /// Runs a script, which must succeed, and returns what it prints.
  @discardableResult
  func python(_ script: String) async throws -> String {
    try await succeed(.text(Self.prelude + script)).outputText
  }

  /// Runs a script of the package's, which must succeed.
  @discardableResult
  func python(file: String, _ arguments: String...) async throws -> Finished {
    try await python(file: file, arguments)
  }

  @discardableResult
  func python(file: String, _ arguments: [String]) async throws -> Finished {
    try await succeed(.file(Package.path(file)), arguments)
  }

  private func succeed(_ script: Python.Script, _ arguments: [String] = []) async throws -> Finished {
    let finished = try await Turns.processors.take { try await Python.run(script, arguments, in: url) }
    guard finished.status == 0 else { throw Failure(description: finished.errors) }
    return finished
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static let prelude = """
    import csv, json, os, sys
    import h5py, numpy as np
    sys.dont_write_bytecode = True
    sys.path.insert(0, "\(Package.path("Tests/Oracle"))")
    import make_cases, oracle
    def save(file, array, dataset="logits", **options):
        # How well it compresses is not what tests are about.
        if options.get("compression") == "gzip": options.setdefault("compression_opts", 1)
        with h5py.File(file, "a") as f:
            f.create_dataset(dataset, data=array, **options)
    def blobs(n, k, seed=1):
        return make_cases.blobs(np.random.default_rng(seed), n, k, 0.7).astype("f4")

    """
}

/// The object in a command's JSON output.
func jsonObject(_ data: Data) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
}
