import Foundation
import Testing

@Suite("Rows that are fill value throughout were never written, wherever they are stored", .byTurns)
struct FillRowTests {
  /// Writers of files of 300 rows of which the first 100 were written, `x`; what is built is `FILE`.
  private static let writers = [
    ("contiguous.h5", "f.create_dataset('logits', (300, 20), 'f4')[:100] = x"),
    ("chunk.h5", "f.create_dataset('logits', (300, 20), 'f4', chunks=(256, 20))[:100] = x"),
    ("gzip.h5", "f.create_dataset('logits', (300, 20), 'f4', chunks=(300, 20), compression='gzip')[:100] = x"),
    ("netcdf.h5", "f.create_dataset('logits', (300, 20), 'f4', fillvalue=np.float32(9.96920997e36))[:100] = x"),
    ("nan.h5", "f.create_dataset('logits', (300, 20), '>f4', fillvalue=np.nan)[:100] = x"),
    ("half.h5", "f.create_dataset('logits', (300, 20), 'f2', fillvalue=-1)[:100] = x"),
    ("minus-zero.npy", "np.save('minus-zero.npy', np.concatenate([x, np.full((200, 20), -0.0, 'f4')]))"),
    ("zeros.npy", "np.save('zeros.npy', np.concatenate([x, np.zeros((200, 20), 'f4')]))"),
    ("fortran.npy", "np.save('fortran.npy', np.asfortranarray(np.concatenate([x, np.zeros((200, 20), 'f8')])))"),
    (
      "raw.h5",
      "np.concatenate([x, np.zeros((200, 20), 'f4')]).tofile('raw.bin'); "
        + "f.create_dataset('logits', (300, 20), 'f4', external=[('raw.bin', 0, 24000)])"
    ),
    ("link.h5", "part('part.h5'); f['logits'] = h5py.ExternalLink('part.h5', '/logits')"),
    ("family-%d.h5", "part('family-%d.h5', driver='family', memb_size=8192)"),
    ("virtual.h5", "part('source.h5'); virtual(f, 'source.h5', 300)"),
    (
      "nested.h5",
      "part('source.h5'); virtual(h5py.File('inner.h5', 'w'), 'source.h5', 300); virtual(f, 'inner.h5', 300)"
    ),
    ("gap.h5", "part('source.h5'); virtual(f, 'source.h5', 100)"),
  ]

  private static let helpers = """
    x = np.round(blobs(100, 20) * 4).astype("f2").astype("f4") + np.float32(0.25)
    save("whole.h5", x)
    def part(name, **options):
        with h5py.File(name, "w", **options) as g:
            g.create_dataset("logits", (300, 20), "f4", chunks=(50, 20))[:100] = x
    def virtual(g, source, rows):
        layout = h5py.VirtualLayout((300, 20), "f4")
        layout[:rows] = h5py.VirtualSource(source, "logits", (300, 20))[:rows]
        g.create_virtual_dataset("logits", layout)
        g.flush()

    """

  @Test("They are named, left out, or taken as logits, as is wanted", arguments: writers)
  func rows(file: String, writer: String) async throws {
    let workspace = try await Workspace(
      Self.helpers
        + "f = h5py.File('\(file)' if '\(file)'.endswith('.h5') and '%' not in '\(file)' else 'other.h5', 'w')\n"
        + writer + "\nf.close()\n")
    let input = file.hasSuffix(".npy") ? file : "\(file):/logits"
    let refused = try await workspace.logitree(["build", input, "-o", "refused"])
    #expect(refused.status == 65 && refused.errors.contains("rows 100..<300 were never written"), "\(refused.errors)")
    #expect(refused.errors.contains("--allow-fill") && refused.errors.contains("--on-invalid skip"))

    let whole = try await workspace.build(["whole.h5"], to: "whole.logitree")
    let skipped = try await workspace.build([input, "--on-invalid", "skip"], to: "skipped.logitree")
    #expect(skipped == whole)
    let shown = try await String(decoding: workspace.succeed("show", "skipped.logitree"), as: UTF8.self)
    #expect(shown.contains("200 rows that were never written were left out"), "\(shown)")
    // NaN stays no logit.
    let taken = try await workspace.logitree(
      "build", input, "-o", "taken.logitree", "--allow-fill", "--json", "--quiet")
    if file == "nan.h5" {
      #expect(taken.status == 65 && taken.errors.contains("row 100, column 0 is nan"), "\(taken.errors)")
    } else {
      try #require(taken.status == 0, "\(taken.errors)")
      #expect(try jsonObject(taken.output)["rows"] as? Int == 300)
    }
  }

  @Test("A row that is fill value among others ends the run as well, at its first pass, and not a later one")
  func among() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(4000, 20)
      x[1234] = x[2000:2010] = 0
      x[17, :19] = 0
      np.save("x.npy", x)
      np.save("y.npy", np.delete(x, [1234, *range(2000, 2010)], 0))
      """)
    let refused = try await workspace.logitree("build", "x.npy", "-o", "x.logitree")
    #expect(
      refused.status == 65 && refused.errors.contains("rows 1234..<1235, 2000..<2010 were never"), "\(refused.errors)")
    let expected = try await workspace.build(["y.npy", "--sketch-width", "2"], to: "y.logitree")
    for width in ["0", "2"] {
      let found = try await workspace.build(
        ["x.npy", "--on-invalid", "skip", "--sketch-width", width], to: "x.logitree")
      #expect(width == "0" || found == expected)
    }
    let first = try await workspace.build(["x.npy", "--allow-fill", "--threads", "1"], to: "one.logitree")
    let second = try await workspace.build(["x.npy", "--allow-fill", "--threads", "3"], to: "three.logitree")
    #expect(first == second)
    let assign = ["assign", "one.logitree", "x.npy", "-k", "3", "--json", "--quiet"]
    // As the store was built.
    #expect(try await jsonObject(workspace.succeed(assign + ["-o", "all.h5"]))["skipped_rows"] as? Int == 0)
    let other = ["assign", "y.logitree", "x.npy", "-k", "3", "--json", "--quiet"]
    #expect(try await workspace.logitree(other + ["-o", "none.h5"]).status == 65)
    let skipping = try await jsonObject(workspace.succeed(other + ["-o", "some.h5", "--on-invalid", "skip"]))
    #expect(skipping["skipped_rows"] as? Int == 11)
  }

  @Test("Of rows left out those that were never written are counted")
  func counted() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(4000, 20)
      x[1234] = x[2000:2010] = 0
      x[[5, 3999], 3] = np.nan
      np.save("x.npy", x)
      np.save("y.npy", np.concatenate([x[:100], np.zeros((5, 20), "f4")]))
      """)
    let skipping = ["--on-invalid", "skip", "--json"]
    for width in ["0", "32"] {
      let built = try await workspace.logitree(
        ["build", "x.npy", "-o", "x.logitree", "--replace", "--sketch-width", width] + skipping)
      let summary = try jsonObject(built.output)
      #expect(summary["skipped_rows"] as? Int == 13 && summary["unwritten_rows"] as? Int == 11)
      #expect(built.errors.contains("13 invalid rows were left out, 11 of them never written"), "\(built.errors)")
    }
    let placed = try await workspace.logitree(["assign", "x.logitree", "x.npy", "-k", "3", "-o", "o.h5"] + skipping)
    let placements = try jsonObject(placed.output)
    #expect(placements["skipped_rows"] as? Int == 13 && placements["unwritten_rows"] as? Int == 11)
    #expect(placed.errors.contains("13 invalid rows were left out, 11 of them never written"), "\(placed.errors)")
    let updated = try await workspace.logitree("update", "x.logitree", "y.npy", "--json")
    let summary = try jsonObject(updated.output)
    #expect(summary["skipped_rows"] as? Int == 19 && summary["unwritten_rows"] as? Int == 16)
    #expect(updated.errors.contains("19 invalid rows were left out, 16 of them never written"), "\(updated.errors)")
  }
}
