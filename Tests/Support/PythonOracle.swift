import Foundation

/// A script in Python that has cases to work on as JSON, and prints what comes of them as JSON: many at a time, since
/// starting Python and its libraries takes a second or more.
package enum PythonOracle {
  private static let modules =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../Oracle").standardized.path

  /// Runs a script in which `cases` is what `cases` encodes to, and decodes what it puts into `results`. The modules in
  /// Tests/Oracle are there to import.
  package static func run<Result: Decodable>(_ script: String, on cases: some Encodable) throws -> Result {
    let directory = try TemporaryDirectory()
    let input = directory.path("cases.json")
    let output = directory.path("results.json")
    try JSONEncoder().encode(cases).write(to: URL(fileURLWithPath: input))
    let wrapped = """
      import json, sys
      sys.dont_write_bytecode = True
      sys.path.insert(0, "\(modules)")
      cases = json.load(open("\(input)"))
      \(script)
      json.dump(results, open("\(output)", "w"))
      """
    try Python.run(wrapped, argument: output)
    return try JSONDecoder().decode(Result.self, from: Data(contentsOf: URL(fileURLWithPath: output)))
  }
}
