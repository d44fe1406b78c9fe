import Foundation
import Testing

@Suite("Stores", .byTurns)
struct StoreTests {
  static let commands = [["show", "x.logitree"], ["export", "x.logitree", "--format", "merges"]]

  /// Python that builds nothing, but damages what was built as x.logitree.
  struct Damage: Sendable, CustomTestStringConvertible {
    let what: String
    let script: String
    let status: Int32
    let says: String
    var testDescription: String { what }
  }

  private static func edited(_ what: String, _ change: String, says: String = "manifest.json: damaged") -> Damage {
    Damage(
      what: what,
      script: """
        m = json.load(open("x.logitree/manifest.json"))
        \(change)
        json.dump(m, open("x.logitree/manifest.json", "w"))
        """, status: 65, says: says)
  }

  static let damages: [Damage] = [
    Damage(
      what: "gone", script: "os.rename('x.logitree', 'y.logitree')", status: 66, says: "x.logitree: no such store"),
    Damage(
      what: "an empty directory", script: "os.remove('x.logitree/manifest.json')", status: 65,
      says: "x.logitree: not a store"),
    Damage(
      what: "a file", script: "os.rename('x.logitree', 'y'); open('x.logitree', 'w').write('{}')", status: 65,
      says: "x.logitree: not a store"),
    Damage(
      what: "an empty manifest", script: "open('x.logitree/manifest.json', 'w')", status: 65,
      says: "manifest.json: damaged"),
    Damage(
      what: "cut short",
      script: "os.truncate('x.logitree/manifest.json', os.path.getsize('x.logitree/manifest.json') * 2 // 3)",
      status: 65, says: "manifest.json: damaged"),
    Damage(
      what: "one byte gone",
      script: "os.truncate('x.logitree/manifest.json', os.path.getsize('x.logitree/manifest.json') - 1)",
      status: 65, says: "manifest.json: damaged"),
    edited("another program's", "m['format'] = 'cake'", says: "x.logitree: not a store"),
    edited("a later version's", "m['version'] = 999", says: "x.logitree: has format version 999"),
    edited("a merge lost", "m['content']['hierarchy']['merges'].pop()"),
    edited("a merge twice", "h = m['content']['hierarchy']; h['merges'][3] = h['merges'][2]"),
    edited("a node that is not there", "m['content']['hierarchy']['merges'][0]['partner'] = 99999"),
    edited("a node below 0", "m['content']['hierarchy']['merges'][0]['lowest'] = -1"),
    edited("a cluster lost", "m['content']['hierarchy']['clusters'].pop()"),
    edited("words for numbers", "m['content']['hierarchy']['merges'][0]['score'] = 'high'"),
  ]

  @Test("Missing, foreign and damaged ones are errors, for every command that reads them", arguments: damages)
  func damaged(damage: Damage) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(800, 12))")
    try await workspace.succeed("build", "x.h5", "-o", "x.logitree", "--quiet")
    try await workspace.python(damage.script)
    let before = try workspace.listing()
    for command in Self.commands {
      let run = try await workspace.logitree(command)
      #expect(run.status == damage.status)
      #expect(run.errors.contains(damage.says), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try workspace.listing() == before)
  }

  @Test("A build that is to replace the store that is there does, and leaves nothing else")
  func replaced() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(800, 12)); save('y.h5', blobs(900, 20))")
    let first = try await workspace.build("x.h5")
    /// Files' names but for their numbers.
    func names() throws -> [String] {
      try workspace.listing().map { $0.split(separator: " ")[0].filter { !$0.isNumber } }
    }
    let files = try names()
    let second = try await workspace.build("y.h5")
    #expect(first != second)
    #expect(try MergeRow.table(second).count == 19)
    #expect(try names() == files)
    #expect(try await workspace.build("x.h5") == first)
  }

  @Test("A build that fails leaves the store that is there", arguments: ["bad.h5", "text.h5", "no.h5"])
  func kept(input: String) async throws {
    let workspace = try await Workspace(
      """
      save("x.h5", blobs(800, 12))
      x = blobs(9000, 12); x[8999, 11] = np.nan
      save("bad.h5", x)
      open("text.h5", "w").write("text")
      """)
    let expected = try await workspace.build("x.h5")
    let before = try workspace.listing()
    let run = try await workspace.logitree("build", input, "-o", "out.logitree", "--replace")
    #expect([65, 66].contains(run.status))
    #expect(try workspace.listing() == before)
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == expected)
  }

  @Test("A trailing slash, and a path with blanks and other letters, name a store as well")
  func awkwardPaths() async throws {
    let workspace = try await Workspace("os.mkdir('ein Ordner, ö'); save('ein Ordner, ö/x y.h5', blobs(800, 12))")
    try await workspace.succeed("build", "ein Ordner, ö/x y.h5", "-o", "ein Ordner, ö/größer.logitree/", "--quiet")
    let merges = try await workspace.succeed("export", "ein Ordner, ö/größer.logitree/", "--format", "merges")
    #expect(try MergeRow.table(merges).count == 11)
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace.path("ein Ordner, ö")).sorted()
    #expect(names == ["größer.logitree", "x y.h5"])
  }
}
