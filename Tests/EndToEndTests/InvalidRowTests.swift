import Foundation
import Testing

@Suite("Rows that are no logits", .byTurns)
struct InvalidRowTests {
  /// A mistake in 9000 rows of 50 clusters, several blocks.
  static func bad(
    _ what: String, _ change: String, _ options: String..., says: String
  ) -> Mistake {
    Mistake(
      what: what, script: "x = blobs(9000, 50)\n\(change)\nsave('x.h5', x)",
      arguments: ["build", "x.h5", "-o", "out/x.logitree", "--threads", "2"] + options, status: 65, says: [says])
  }

  static let mistakes: [Mistake] = [
    bad("NaN", "x[7123, 49] = np.nan", says: "x.h5:/logits: row 7123, column 49 is nan"),
    bad("+∞", "x[0, 0] = np.inf", says: "x.h5:/logits: row 0, column 0 is inf"),
    bad("NaN in float64", "x = x.astype('f8'); x[8999, 16] = np.nan", says: "row 8999, column 16 is nan"),
    bad("+∞ in float16", "x = x.astype('f2'); x[31, 48] = np.inf", says: "row 31, column 48 is inf"),
    bad("NaN in big-endian float64", "x = x.astype('>f8'); x[5, 1] = np.nan", says: "row 5, column 1 is nan"),
    bad("the first of a row's is named", "x[44, 30:] = np.nan; x[44, 7] = np.inf", says: "row 44, column 7 is inf"),
    bad(
      "the first of several rows", "x[8000, 1] = x[6000, 2] = x[6001, 0] = np.nan", says: "row 6000, column 2 is nan"),
    bad("all of a row −∞", "x[321] = -np.inf", says: "x.h5:/logits: row 321 has no finite logit"),
    bad(
      "negative probabilities", "x = np.exp(x - x.max(1, keepdims=True)); x[77, 3] = -0.25", "--kind", "probabilities",
      says: "x.h5:/logits: row 77, column 3 is -0.25, which is no probability"),
    bad(
      "logits called probabilities", "x[:] = 0.02; x[40, 5] = 12.5", "--kind", "probabilities",
      says: "row 40, column 5 is 12.5, which is no probability"),
    bad(
      "probabilities all 0", "x[:] = 0.02; x[4500] = 0", "--kind", "probabilities", "--allow-fill",
      says: "row 4500 has no probability above 0"),
    bad("NaN called log-probability", "x[12, 13] = np.nan", "--kind", "log-probabilities", says: "row 12, column 13"),
  ]

  @Test("They are named exactly", arguments: mistakes)
  func named(mistake: Mistake) async throws { try await mistake.check() }

  @Test("Of bad rows in several files, the first is named, whatever thread comes upon one first", arguments: 1...3)
  func firstInFiles(threads: Int) async throws {
    let script = """
      a, b, c = blobs(20_000, 50, 1), blobs(30_000, 50, 2), blobs(10_000, 50, 3)
      b[12_345, 6] = b[25_000, 0] = c[0, 0] = np.nan
      for name, x in zip("abc", (a, b, c)):
          save(f"{name}.h5", x)
      """
    try await Mistake(
      what: "", script: script,
      arguments: ["build", "a.h5", "b.h5", "c.h5", "-o", "out/x.logitree", "--threads", "\(threads)"],
      status: 65, says: ["b.h5:/logits: row 12345, column 6 is nan", "--on-invalid skip"]
    ).check()
  }

  @Test("Left out, they change nothing, and are counted")
  func skipped() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(9000, 50)
      bad = np.zeros(9000, bool)
      bad[[0, 17, 5000, 5001, 8999]] = True
      save("good.h5", x[~bad])
      x[0, 3] = np.nan; x[17, 0] = np.inf; x[5000] = -np.inf; x[5001] = np.nan; x[8999, 49] = np.inf
      save("bad.h5", x)
      """)
    let expected = try await workspace.build("good.h5")
    for threads in ["1", "3"] {
      let run = try await workspace.logitree(
        "build", "bad.h5", "-o", "skip.logitree", "--on-invalid", "skip", "--json", "--threads", threads)
      #expect(run.status == 0)
      let summary = try jsonObject(run.output)
      #expect(summary["skipped_rows"] as? Int == 5 && summary["unwritten_rows"] as? Int == 0)
      #expect(summary["rows"] as? Int == 9000)
      #expect(run.errors.contains("5 invalid rows were left out"), "\(run.errors)")
      #expect(try await workspace.succeed("export", "skip.logitree", "--format", "merges") == expected)
    }
    let shown = try await String(decoding: workspace.succeed("show", "skip.logitree"), as: UTF8.self)
    #expect(shown.contains("5 invalid rows were left out"))
  }

  @Test("If all are left out, there is nothing to build from")
  func allSkipped() async throws {
    try await Mistake.build(
      "", "save('x.h5', np.full((100, 5), np.nan))", "x.h5", "--on-invalid", "skip",
      status: 65, says: "all rows are invalid"
    ).check()
  }
}
