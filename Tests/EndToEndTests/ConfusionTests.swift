import TestSupport
import Testing

@Suite("What classes are confused with, and names for groups by a taxonomy", .byTurns)
struct ConfusionTests {
  private static let languages = [Package.exampleLogits, "--names", Package.exampleNames]
  private static let families = Package.path("docs/examples/language_families.csv")

  @Test("Shares, rivals and typical members are NumPy's, from the matrix of what each cluster gives")
  func againstMatrix() async throws {
    let workspace = try Workspace()
    _ = try await workspace.build(Self.languages)
    try await workspace.succeed("export", "out.logitree", "--format", "affinity", "-o", "R.npy")
    try await workspace.succeed("export", "out.logitree", "--format", "html", "--no-matrix", "-o", "page.html")
    try await workspace.succeed("export", "out.logitree", "--format", "confused", "-o", "confused.csv")
    try await workspace.python(
      """
      import csv, re
      R = np.load("R.npy")
      data = json.loads(re.search(r'type="application/json">(.*?)</script>', open("page.html").read(), re.S)[1])
      lowest, partner = data["merges"]["lowest"], data["merges"]["partner"]
      K = len(R)
      members = {c: [c] for c in set(lowest + partner) if c < K}
      shares = R / np.where(R.sum(1) > 0, R.sum(1), 1)[:, None]

      # Sums are of fixed point: who gives nearly the same may be listed the other way round.
      def check(lists, table):
          for c in range(K):
              part = slice(5 * c, 5 * c + 5)
              listed = [o for o in lists["clusters"][part] if o >= 0]
              best = sorted((table[c][o] for o in range(K) if o != c), reverse=True)
              assert len(listed) == min(5, sum(v > 0 for v in best)), c
              for o, share, value in zip(listed, lists["shares"][part], best):
                  assert abs(table[c][o] - value) < 1e-9 and abs(share - value) < 6e-4, (c, o)
      check(data["confusion"]["getters"], shares)
      check(data["confusion"]["givers"], shares.T)

      lines = iter(csv.DictReader(open("confused.csv", encoding="utf-8")))
      names = data["clusters"]["names"]
      for c in range(K):
          for relation, way, table in (("goes to", "getters", shares), ("comes from", "givers", shares.T)):
              for rank, o in enumerate(o for o in data["confusion"][way]["clusters"][5 * c : 5 * c + 5] if o >= 0):
                  line = next(lines)
                  assert line["cluster"] == str(c) and line["name"] == names[c] and line["relation"] == relation
                  assert line["rank"] == str(rank + 1) and line["other"] == str(o) and line["other_name"] == names[o]
                  assert abs(float(line["share"]) - table[c][o]) < 1e-9
      assert next(lines, None) is None

      rivals, most, checked = data["rivals"], data["rivals"]["most"], 0
      for step, (low, high) in enumerate(zip(lowest, partner)):
          if low < K:
              alive = {n: np.mean(R[low][m]) for n, m in members.items() if n != low}
              best = sorted(alive.values(), reverse=True)
              part = slice(most * step, most * step + most)
              listed = [n for n in rivals["nodes"][part] if n >= 0]
              assert listed[0] == high
              for n, value, expected in zip(listed, rivals["reassigned"][part], best):
                  assert abs(alive[n] - expected) <= 1e-9 + 1e-6 * expected and abs(value - expected) <= 1e-5 * expected
              checked += len(listed)
          members[K + step] = members.pop(low) + members.pop(high)
          inside = members[K + step]
          typical = [c for c in data["merges"]["typical"][3 * step : 3 * step + 3] if c >= 0]
          given = {c: shares[c][inside].sum() - shares[c][c] for c in inside}
          best = sorted(given.values(), reverse=True)
          for c, value in zip(typical, best):
              assert abs(given[c] - value) < 1e-9, (step, c)
      assert checked > 60
      """)
  }

  @Test(
    "A class's figures in the terminal, with what it is confused with; a group's, with why it was merged with this one")
  func shown() async throws {
    let workspace = try Workspace()
    _ = try await workspace.build(Self.languages)
    let danish = try await workspace.logitree("show", "out.logitree", "--node", "Danish").outputText
    let lines = danish.split(separator: "\n")
    let heading = try #require(lines.firstIndex { $0.hasPrefix("Confused with") })
    #expect(lines[heading + 2].contains("%") && danish.contains("goes to") && danish.contains("Details"))
    let group = try await workspace.logitree("show", "out.logitree", "--node", "#170").outputText
    #expect(group.contains("Why with #") && group.contains(" in all  #"))
  }

  @Test("Terms stay with a store through updates, name groups in all commands, and are told of where they don't fit")
  func annotate() async throws {
    let workspace = try Workspace()
    _ = try await workspace.build(Self.languages + ["--rows", "0:3000"])
    let before = try await workspace.logitree("cut", "out.logitree", "-k", "7").outputText
    let given = try await workspace.logitree("cut", "out.logitree", "-k", "7", "--taxonomy", Self.families).outputText
    let told = try await workspace.logitree("annotate", "out.logitree", "--taxonomy", Self.families)
    #expect(told.status == 0, "\(told.errors)")
    #expect(try await workspace.logitree("cut", "out.logitree", "-k", "7").outputText == given)
    #expect(given != before && given.contains(" of "))
    try await workspace.succeed("check", "out.logitree")
    try await workspace.succeed("update", "out.logitree", Package.exampleLogits)
    #expect(try await workspace.logitree("show", "out.logitree", "--cut", "7").outputText.contains(" of "))
    let foreign = try await workspace.logitree(
      "annotate", "out.logitree", "--taxonomy", Package.path("docs/examples/imagenet_wordnet.csv"))
    #expect(foreign.status == 65 && foreign.errors.contains("imagenet_wordnet.csv"), "\(foreign)")
    #expect(try await workspace.logitree("show", "out.logitree", "--cut", "7").outputText.contains(" of "))
  }

  @Test("inspect says what arrays beside logits could be, and the advice is right")
  func companions() async throws {
    let workspace = try Workspace()
    let inspected = try await workspace.logitree("inspect", Package.exampleLogits.replacing(":/logits", with: ""))
    let text = inspected.outputText
    #expect(
      text.contains("could be the samples' labels: --labels") && text.contains("could be the clusters' names: --names"))
    let arrays = try await workspace.logitree(
      "inspect", Package.exampleLogits.replacing(":/logits", with: ""), "--json"
    ).outputText
    #expect(arrays.contains(#""could_be" : "labels""#) || arrays.contains(#""could_be": "labels""#), "\(arrays)")
  }
}
