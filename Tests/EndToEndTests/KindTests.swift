import Foundation
import Testing

@Suite("Logits, log-probabilities and probabilities of the same rows give the same tree", .byTurns)
struct KindTests {
  static let data = """
    x = blobs(6000, 80).astype("f8") * 0.5
    log_p = x - x.max(1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(1, keepdims=True))
    save("logits.h5", x)
    save("log-probabilities.h5", log_p)
    for bits in ["f4", "f8"]:
        save(f"probabilities-{bits}.h5", np.exp(log_p).astype(bits))
    """

  @Test("Up to near ties", arguments: ["sum-of-means", "sum", "mean"])
  func kinds(score: String) async throws {
    let workspace = try await Workspace(Self.data)
    _ = try await workspace.build("logits.h5", "--score", score)
    let logits = try await StoreFacts("out.logitree", in: workspace)
    #expect(logits.merges.count == 79)
    for (file, kind) in [
      ("log-probabilities.h5", "log-probabilities"), ("probabilities-f4.h5", "probabilities"),
      ("probabilities-f8.h5", "probabilities"),
    ] {
      _ = try await workspace.build(file, "--kind", kind, "--score", score)
      let found = try await StoreFacts("out.logitree", in: workspace)
      // Twice the method's own tolerance, since both sides have it.
      #expect(Comparison.of(found, with: logits.merges, score: score, tolerance: 2e-6) == .same, "\(file)")
    }
  }

  @Test("A shift of a row, and log-probabilities called logits, change nothing")
  func shift() async throws {
    let workspace = try await Workspace(
      Self.data + "\nsave('shifted.h5', np.round(x * 64) / 64 + np.arange(6000)[:, None])"
        + "\nsave('rounded.h5', np.round(x * 64) / 64)")
    #expect(try await workspace.build("shifted.h5") == workspace.build("rounded.h5"))
    #expect(
      try await workspace.build("log-probabilities.h5", "--kind", "logits")
        == workspace.build("log-probabilities.h5", "--kind", "log-probabilities"))
  }

  @Test("A temperature divides logits")
  func temperature() async throws {
    let workspace = try await Workspace(Self.data + "\nsave('half.h5', x / 2)")
    #expect(try await workspace.build("logits.h5", "--temperature", "2") == workspace.build("half.h5"))
    #expect(try await workspace.build("half.h5", "--temperature", "0.5") == workspace.build("logits.h5"))
  }
}

@Suite("Rows that look like another kind than the one nobody said", .byTurns)
struct ApparentKindTests {
  /// Softmax output and its logarithms in each type, and what is neither: the last of the files, of logits.
  private static let data = """
    from containers import bfloat16, write_safetensors
    x = blobs(3000, 40).astype("f8") * 0.5
    log_p = x - x.max(1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(1, keepdims=True))
    p = np.exp(log_p)
    for bits in ["f2", "f4", "f8"]:
        np.save(f"p-{bits}.npy", p.astype(bits))
        np.save(f"log-{bits}.npy", log_p.astype(bits))
    np.save("p32.npy", np.exp(log_p.astype("f4")) / np.exp(log_p.astype("f4")).sum(1, keepdims=True))
    write_safetensors("bf.safetensors", {"p": ("BF16", bfloat16(p.astype("f4"))), "log": ("BF16", bfloat16(log_p.astype("f4")))})
    save("gaps.h5", np.concatenate([np.full((5, 40), np.nan), np.zeros((2000, 40)), p]))
    np.save("x.npy", x.astype("f4"))
    np.save("sigmoid.npy", (1 / (1 + np.exp(-x))).astype("f4"))
    np.save("negative.npy", (x - x.max() - 1).astype("f4"))
    np.save("almost.npy", np.concatenate([p[:7], x[7:]]).astype("f4"))
    np.save("half.npy", np.concatenate([p[:2000] / 2, p[2000:]]).astype("f4"))
    np.save("positive.npy", np.concatenate([log_p[:2000] + 9, log_p[2000:]]).astype("f4"))
    """

  @Test("They stop a build, which says what to say; what is said is done")
  func stopped() async throws {
    let workspace = try await Workspace(Self.data)
    let seeming =
      ["p-f2.npy", "p-f4.npy", "p-f8.npy", "p32.npy", "bf.safetensors:p"].map { ($0, "probabilities") }
      + ["log-f2.npy", "log-f4.npy", "log-f8.npy", "bf.safetensors:log"].map { ($0, "log-probabilities") }
    for (input, kind) in seeming {
      for inputs in [[input], ["x.npy", input]] {
        let stopped = try await workspace.logitree(["build", "-o", "no.logitree"] + inputs)
        #expect(stopped.status == 65, "\(input)")
        #expect(stopped.errors.contains("\(input): seems to hold \(kind)"), "\(stopped.errors)")
        #expect(stopped.errors.contains("--kind \(kind), or --kind logits"), "\(stopped.errors)")
      }
    }
    #expect(!FileManager.default.fileExists(atPath: workspace.path("no.logitree")))
    let gaps = try await workspace.logitree("build", "gaps.h5", "-o", "no.logitree", "--on-invalid", "skip")
    #expect(gaps.status == 65 && gaps.errors.contains("seems to hold probabilities"))
    let scan = try await workspace.logitree("scan", "p-f4.npy", "--shard", "1/2", "-o", "shards")
    #expect(scan.status == 65 && !FileManager.default.fileExists(atPath: workspace.path("shards")))

    let said = try await workspace.build("p-f4.npy", "--kind", "logits")
    #expect(try await workspace.build("p-f4.npy", "--kind", "probabilities") != said)
    for input in ["x.npy", "sigmoid.npy", "negative.npy", "almost.npy"] {
      _ = try await workspace.build(input)
      let facts = try jsonObject(try await workspace.succeed("build", input, "-o", "out.logitree", "--quiet", "--json"))
      #expect(facts["irregular_rows"] as? Int == 0)
    }
  }

  @Test("A store takes in no inputs that look like another kind, unless its own do")
  func contradicted() async throws {
    let workspace = try await Workspace(Self.data)
    _ = try await workspace.build("x.npy")
    let update = try await workspace.logitree("update", "out.logitree", "p-f4.npy")
    #expect(
      update.status == 65 && update.errors.contains("p-f4.npy: seems to hold probabilities, and "))
    let assign = ["assign", "out.logitree", "p-f4.npy", "-k", "5", "-o", "groups.h5"]
    let stopped = try await workspace.logitree(assign)
    #expect(stopped.status == 65 && stopped.errors.contains("--kind probabilities, or --kind logits"))
    for kind in ["logits", "probabilities"] { try await workspace.succeed(assign + ["--kind", kind, "--quiet"]) }

    _ = try await workspace.build("p-f8.npy", "--kind", "logits")
    try await workspace.succeed("update", "out.logitree", "p-f4.npy", "--quiet")
    try await workspace.succeed(assign + ["--quiet"])
  }

  @Test("Probabilities that don't sum to about 1, and log-probabilities above 0, are counted and told")
  func irregular() async throws {
    let workspace = try await Workspace(Self.data)
    for (input, kind, irregular, words) in [
      ("half.npy", "probabilities", 2000, "2,000 rows do not sum to about 1"), ("p-f2.npy", "probabilities", 0, ""),
      ("bf.safetensors:p", "probabilities", 0, ""),
      ("positive.npy", "log-probabilities", 2000, "2,000 rows have log-probabilities above 0"),
      ("log-f2.npy", "log-probabilities", 0, ""), ("negative.npy", "log-probabilities", 0, ""),
    ] {
      for temperature in ["1", "2"] {
        let said = ["--kind", kind, "--temperature", temperature, "--json"]
        let built = try await workspace.logitree(["build", input, "-o", "out.logitree", "--replace"] + said)
        #expect(try jsonObject(built.output)["irregular_rows"] as? Int == irregular, "\(input)")
        #expect(built.errors.contains(words) || irregular == 0, "\(built.errors)")
        #expect(built.errors.contains("warning") == (irregular > 0), "\(built.errors)")
        let placed = try await workspace.logitree(
          ["assign", "out.logitree", input, "--confidence", "0.5", "-o", "nodes.h5"] + said)
        #expect(try jsonObject(placed.output)["irregular_rows"] as? Int == irregular, "\(input)")
        #expect(placed.errors.contains(words) || irregular == 0, "\(placed.errors)")
      }
    }
  }
}
