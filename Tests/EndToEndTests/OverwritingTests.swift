import Foundation
import Testing

@Suite("Nothing is overwritten that may be missed", .byTurns)
struct OverwritingTests {
  @Test("A store of other inputs stays, and what is in it is named, unless it is to be replaced")
  func otherInputs() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(800, 12)); save('y.h5', blobs(900, 12, 2))")
    let first = try await workspace.build("x.h5")
    let before = try workspace.listing()
    let refused = try await workspace.logitree("build", "y.h5", "-o", "out.logitree")
    #expect(refused.status == 73)
    #expect(refused.errors.contains("800 rows of ") && refused.errors.contains("/x.h5:/logits"), "\(refused.errors)")
    #expect(refused.errors.contains("--replace"))
    #expect(try workspace.listing() == before)
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == first)
    try await workspace.succeed("build", "y.h5", "-o", "out.logitree", "--replace")
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == workspace.build("y.h5"))
  }

  /// What is built first, what then happens to the files, what is built then, and whether that loses rows.
  static let rebuilds: [(first: [String], script: String, second: [String], loses: Bool)] = [
    (["x.h5"], "", ["x.h5", "--score", "mean"], false),
    (["x.h5"], "", ["x.h5", "y.h5"], false),
    (["x.h5", "y.h5"], "", ["y.h5", "x.h5"], false),
    (["x.h5", "y.h5"], "", ["x.h5"], true),
    (["x.h5"], "os.remove('x.h5'); save('x.h5', blobs(700, 12, 3))", ["x.h5"], false),
    (["x.h5"], "os.rename('x.h5', 'z.h5')", ["z.h5"], false),
    (["x.h5"], "os.remove('x.h5')", ["y.h5"], true),
    (["x.h5"], "", ["x.h5", "--rows", "0:100"], true),
    (["x.h5", "--rows", "0:100"], "", ["x.h5"], false),
    (["x.h5:/logits"], "save('x.h5', blobs(500, 12, 4), 'other')", ["x.h5:/other"], true),
  ]

  @Test("An array that is given twice is not counted twice")
  func repeatedInput() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(800, 12)); os.symlink('x.h5', 'link.h5')")
    for inputs in [["x.h5", "x.h5"], ["x.h5", "./x.h5:/logits"], ["link.h5", "x.h5"]] {
      let refused = try await workspace.logitree(["build", "-o", "out.logitree"] + inputs)
      #expect(refused.status == 64 && refused.errors.contains("is given more than once"), "\(refused.errors)")
      #expect(try !workspace.listing().contains { $0.hasPrefix("out.logitree") })
    }
  }

  @Test("What was written to since is read anew, whether its file is larger, smaller or as large", arguments: 1...6)
  func rewritten(row: Int) async throws {
    let workspace = try await Workspace(
      "x = blobs(1500, 37)\nsave('x.h5', x, chunks=(256, 37), compression='gzip')")
    let first = try await workspace.build("x.h5")
    try await workspace.python(
      """
      x = h5py.File('x.h5')['logits'][:]
      x[\(row * 23) : \(row * 23 + 2)] = x[\(row * 23) : \(row * 23 + 2), ::-1]
      x[\(row * 23) : \(row * 23 + 2), :9] += 0.123456 * \(row)
      os.remove('x.h5')
      save('x.h5', x, chunks=(256, 37), compression='gzip')
      """)
    let again = try await workspace.build("x.h5")
    let fresh = try await workspace.build(["x.h5"], to: "fresh.logitree")
    #expect(again == fresh && again != first)
  }

  @Test("The same inputs are built again without a question", arguments: rebuilds.indices)
  func builtAgain(index: Int) async throws {
    let (first, script, second, loses) = Self.rebuilds[index]
    let workspace = try await Workspace("save('x.h5', blobs(800, 12)); save('y.h5', blobs(900, 12, 2))")
    _ = try await workspace.build(first)
    try await workspace.python(script)
    let run = try await workspace.logitree(["build", "-o", "out.logitree"] + second)
    #expect(run.status == (loses ? 73 : 0), "\(first) \(script) \(second): \(run.errors)")
  }

  @Test("Shards are not combined over a store of other inputs, unless it is to be replaced")
  func combining() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(800, 12)); save('y.h5', blobs(900, 12, 2))")
    let first = try await workspace.build("x.h5")
    for shard in ["1/2", "2/2"] {
      try await workspace.succeed("scan", "y.h5", "--shard", shard, "-o", "shards", "--quiet")
    }
    let refused = try await workspace.logitree("combine", "shards", "-o", "out.logitree")
    #expect(refused.status == 73 && refused.errors.contains("/x.h5:/logits"), "\(refused.errors)")
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == first)
    for _ in 1...2 { try await workspace.succeed("combine", "shards", "-o", "out.logitree", "--replace", "--quiet") }
    let combined = try await workspace.succeed("export", "out.logitree", "--format", "merges")
    #expect(try await combined == workspace.build(["y.h5"], to: "y.logitree"))
  }

  @Test(
    "Results don't take the place of the logits that they are of",
    arguments: [["export", "--format", "json"], ["cut", "-k", "3"]])
  func inputs(command: [String]) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(800, 12)); os.symlink('x.h5', 'link.h5')")
    _ = try await workspace.build("x.h5")
    let before = try workspace.listing()
    for output in ["x.h5", "link.h5"] {
      let run = try await workspace.logitree(command + ["out.logitree", "-o", output])
      #expect(run.status == 73 && run.errors.contains("\(output): can't be created: it is an input"), "\(run.errors)")
    }
    #expect(try workspace.listing() == before)
  }

  @Test(
    "Results don't take the place of what else they are made of",
    arguments: [
      (["evaluate", "--labels", "l.csv:label", "--coarse", "c.csv"], ["x.h5", "./l.csv", "link.csv", "c.csv"]),
      (["evaluate", "--labels", "l.npy", "--label-names", "n.txt"], ["l.npy", "n.txt"]),
      (["export", "--format", "html", "--labels", "l.csv:label"], ["l.csv"]),
      (["compare"], ["x.h5", "tree.nwk", "other/../tree.nwk"]),
    ])
  func furtherInputs(command: [String], outputs: [String]) async throws {
    let workspace = try await Workspace(
      """
      save('x.h5', blobs(800, 12))
      labels = np.arange(800) % 4
      np.save('l.npy', labels)
      open('l.csv', 'w').write('label\\n' + ''.join(f'l{label}\\n' for label in labels))
      open('c.csv', 'w').write('label,coarse\\n' + ''.join(f'l{label},c{label // 2}\\n' for label in range(4)))
      open('n.txt', 'w').write(''.join(f'l{label}\\n' for label in range(4)))
      os.symlink('l.csv', 'link.csv')
      os.mkdir('other')
      """)
    _ = try await workspace.build("x.h5")
    try await workspace.succeed("export", "out.logitree", "--format", "newick", "-o", "tree.nwk")
    let before = try workspace.listing()
    let arguments = [command[0], "out.logitree"] + (command[0] == "compare" ? ["tree.nwk"] : []) + command.dropFirst()
    for output in outputs {
      let run = try await workspace.logitree(arguments + ["-o", output])
      #expect(run.status == 73 && run.errors.contains("\(output): can't be created: it is an input"), "\(run.errors)")
    }
    #expect(try workspace.listing() == before)
    try await workspace.succeed(arguments + ["-o", "result"])
  }

  @Test(
    "Results are not put into stores or shards, nor nowhere",
    arguments: [
      ["export", "--format", "json"], ["cut", "-k", "3"], ["evaluate", "--labels", "l.npy"], ["compare", "tree.nwk"],
      ["assign", "x.h5", "-k", "3"],
    ])
  func stores(command: [String]) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(800, 12)); np.save('l.npy', np.arange(800) % 4)")
    _ = try await workspace.build("x.h5")
    try await workspace.succeed("export", "out.logitree", "--format", "newick", "-o", "tree.nwk")
    try await workspace.succeed("scan", "x.h5", "--shard", "1/2", "-o", "shards", "--quiet")
    try await workspace.python(
      """
      shard = os.path.join('shards', next(iter(os.listdir('shards'))))
      os.symlink(shard, 'shard'); os.mkdir('other'); open('other/manifest.json', 'w').write('{"name": "page"}')
      """)
    let before = try workspace.listing()
    let arguments = [command[0], "out.logitree"] + command.dropFirst() + ["-o"]
    for output in ["out.logitree/manifest.json", "out.logitree/new", "shard/shard.json"] {
      let run = try await workspace.logitree(arguments + [output])
      #expect(run.status == 73 && run.errors.contains("is a store or shard"), "\(output): \(run.errors)")
    }
    let nowhere = try await workspace.logitree(arguments + [""])
    #expect(nowhere.errors.contains("it has no name"), "\(nowhere.errors)")
    #expect(try workspace.listing() == before)
    try await workspace.succeed(arguments + ["other/result"])
  }

  @Test("Stores and shards are not put into others, sound or not")
  func nested() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(800, 12))")
    _ = try await workspace.build("x.h5")
    try await workspace.succeed("scan", "x.h5", "--shard", "1/1", "-o", "shards", "--quiet")
    for damage in ["", "open('out.logitree/manifest.json', 'r+b').write(b'?')"] {
      try await workspace.python(damage)
      let before = try workspace.listing()
      for command in [
        ["build", "x.h5", "-o", "out.logitree/in"], ["scan", "x.h5", "--shard", "1/2", "-o", "out.logitree/in"],
        ["combine", "shards", "-o", "out.logitree/in"], ["combine", "shards", "-o", "shards/scan-1-of-1/in"],
      ] {
        let run = try await workspace.logitree(command)
        #expect(run.status == 73 && run.errors.contains("is a store or shard"), "\(command): \(run.errors)")
      }
      #expect(try workspace.listing() == before)
    }
  }
}
