import Foundation

/// The package under test: its files, and the program built from it.
enum Package {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized

  /// The path of a file of the package.
  static func path(_ relative: String) -> String { root.appending(path: relative).path }

  static let exampleLogits = path("docs/examples/languages.h5")
  static let exampleNames = path("docs/examples/languages.txt")

  /// The program that LOGITREE_BINARY names, or the one built beside the tests.
  static func binary() throws -> String {
    if let named = try named("LOGITREE_BINARY") { return named }
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [products, Bundle.main.bundleURL, root.appending(path: ".build/debug")]
    guard
      let found = candidates.map({ $0.appending(path: "logitree").path }).first(where: {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: $0, isDirectory: &isDirectory) && !isDirectory.boolValue
      })
    else {
      throw Missing(description: "no program to test in \(products.path): run swift build, or set LOGITREE_BINARY")
    }
    return found
  }

  /// The program for tests that have it load plugins of HDF5, or preload something: LOGITREE_DYNAMIC_BINARY names it if the
  /// other is static.
  static func dynamicBinary() throws -> String { try named("LOGITREE_DYNAMIC_BINARY") ?? binary() }

  private static func named(_ variable: String) throws -> String? {
    guard let path = ProcessInfo.processInfo.environment[variable] else { return nil }
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Missing(description: "\(variable) names \(path), which is no program")
    }
    return path
  }

  /// Whether the program runs as fast as it should. Built for debugging, as it is beside the tests of a debug build, it is
  /// some thirty times slower, and tests make do with less data.
  static var isFullSpeed: Bool {
    #if DEBUG
      ProcessInfo.processInfo.environment["LOGITREE_BINARY"] != nil
    #else
      true
    #endif
  }

  /// Whether tests that take minutes are to run.
  static var runsLargeTests: Bool { ProcessInfo.processInfo.environment["LOGITREE_LARGE"] != nil }

  /// Whether the system has a program of this name.
  static func hasProgram(_ name: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
  }

  /// Something the tests need is not there.
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }
}
