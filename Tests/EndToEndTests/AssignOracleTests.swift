import Foundation
import Testing

@Suite("Rows are assigned as the definition says, computed in float64 and in memory", .byTurns)
struct AssignOracleTests {
  /// Exports what the oracle needs of a store.
  private func export(_ store: String, _ workspace: Workspace) async throws {
    try await workspace.succeed("export", store, "--format", "json", "-o", "tree.json")
    try await workspace.succeed("export", store, "--format", "merges", "-o", "tree.csv")
  }

  @Test("On the language example: groups, argmax, and nodes")
  func languages() async throws {
    let workspace = try Workspace()
    _ = try await workspace.build(Package.exampleLogits, "--names", Package.exampleNames)
    try await export("out.logitree", workspace)
    for count in [1, 12, 97] {
      try await workspace.succeed(
        "assign", "out.logitree", Package.exampleLogits, "-k", "\(count)", "-o", "\(count).h5", "--quiet")
    }
    for confidence in ["0.5", "0.9", "0.999"] {
      try await workspace.succeed(
        "assign", "out.logitree", Package.exampleLogits, "--confidence", confidence, "-o", "c\(confidence).h5",
        "--quiet")
    }
    try await workspace.python(
      """
      import assignments
      tree = assignments.Tree("tree.json", "tree.csv")
      data, logits = assignments.numbers("\(Package.exampleLogits)", "logits")
      for count in [1, 12, 97]:
          wrong = assignments.check_groups(tree, f"{count}.h5", data, logits, count, 1)
          assert wrong is None, (count, wrong)
      with h5py.File("97.h5") as file:
          of_group = np.argsort(file["clusters/group"][:])
          assert (of_group[file["group"][:]] == data.argmax(1)).all()
      for confidence in ["0.5", "0.9", "0.999"]:
          wrong = assignments.check_nodes(tree, f"c{confidence}.h5", logits, float(confidence), 1)
          assert wrong is None, (confidence, wrong)
      """)
  }

  @Test(
    "On random cases of all types, layouts, kinds of numbers and styles of data, and on rows with columns exchanged",
    arguments: [0, 1])
  func cases(half: Int) async throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["LOGITREE_SEED"] ?? "1"
    let count = environment["LOGITREE_CASES"] ?? (Package.runsLargeTests ? "60" : "5")
    print("random cases: LOGITREE_SEED=\(seed) LOGITREE_CASES=\(count)")
    let workspace = try await Workspace(
      """
      import argparse, pathlib
      for index in range(\(half), \(count), 2):
          case = make_cases.make_case(index, \(seed), pathlib.Path("."))
          with h5py.File(case["file"]) as file:
              x = file["logits"][:]
          rolled = np.roll(x, 1, axis=1)[-300:]
          save(f"rolled-{index:03}.h5", rolled)
          with open("cases.txt", "a") as list:
              print(case["file"], case["kind"], case["temperature"], case["k"] - case["emptyClusters"], file=list)
      """)
    for (index, line) in try workspace.text("cases.txt").split(separator: "\n").enumerated() {
      let facts = line.split(separator: " ").map(String.init)
      let rolled = facts[0].replacing("case", with: "rolled")
      try await workspace.succeed(
        "build", facts[0], "--kind", facts[1], "--temperature", facts[2], "-o", "x.logitree", "--replace",
        "--allow-fill",
        "--quiet")
      try await export("x.logitree", workspace)
      let leaves = try #require(Int(facts[3]))
      let cuts = Set([1, min(2, leaves), (leaves + 1) / 2, leaves]).sorted()
      let confidences = ["0.3", "0.6", "0.95"]
      for (name, input) in [("case", facts[0]), ("rolled", rolled)] {
        let assign = ["assign", "x.logitree", input, "--quiet", "--threads", "\(1 + index % 3)"]
        for cut in cuts { try await workspace.succeed(assign + ["-k", "\(cut)", "-o", "\(name)-\(cut).h5"]) }
        for confidence in confidences {
          try await workspace.succeed(assign + ["--confidence", confidence, "-o", "\(name)-c\(confidence).h5"])
        }
      }
      try await workspace.python(
        """
        import assignments
        tree = assignments.Tree("tree.json", "tree.csv")
        for name, input in [("case", "\(facts[0])"), ("rolled", "\(rolled)")]:
            data, logits = assignments.numbers(input, "\(facts[1])")
            for cut in \(cuts):
                wrong = assignments.check_groups(tree, f"{name}-{cut}.h5", data, logits, cut, \(facts[2]))
                assert wrong is None, ("\(line)", name, cut, wrong)
            for confidence in \(confidences):
                wrong = assignments.check_nodes(tree, f"{name}-c{confidence}.h5", logits, float(confidence), \(facts[2]))
                assert wrong is None, ("\(line)", name, confidence, wrong)
        """)
    }
  }

  @Test("Rows of another kind or temperature than the store's, if the command says so")
  func kinds() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(3000, 40).astype("f8") * 0.5
      p = np.exp(x - x.max(1, keepdims=True))
      save("logits.h5", x)
      save("probabilities.h5", p / p.sum(1, keepdims=True))
      """)
    _ = try await workspace.build("logits.h5", "--temperature", "2")
    try await export("out.logitree", workspace)
    let assign = ["assign", "out.logitree", "--confidence", "0.8", "--quiet"]
    try await workspace.succeed(assign + ["logits.h5", "-o", "a.h5"])
    try await workspace.succeed(assign + ["probabilities.h5", "--kind", "probabilities", "-o", "b.h5"])
    try await workspace.succeed(assign + ["logits.h5", "--temperature", "0.5", "-o", "c.h5"])
    try await workspace.python(
      """
      import assignments
      tree = assignments.Tree("tree.json", "tree.csv")
      _, logits = assignments.numbers("logits.h5", "logits")
      for file, temperature in [("a.h5", 2), ("b.h5", 2), ("c.h5", 0.5)]:
          wrong = assignments.check_nodes(tree, file, logits, 0.8, temperature)
          assert wrong is None, (file, wrong)
      """)
  }
}
