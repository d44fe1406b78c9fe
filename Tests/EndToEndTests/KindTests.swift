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
      try await workspace.build("log-probabilities.h5")
        == workspace.build("log-probabilities.h5", "--kind", "log-probabilities"))
  }

  @Test("A temperature divides logits")
  func temperature() async throws {
    let workspace = try await Workspace(Self.data + "\nsave('half.h5', x / 2)")
    #expect(try await workspace.build("logits.h5", "--temperature", "2") == workspace.build("half.h5"))
    #expect(try await workspace.build("half.h5", "--temperature", "0.5") == workspace.build("logits.h5"))
  }
}
