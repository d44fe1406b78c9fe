import Testing

@Suite("Trees of one and two clusters", .byTurns)
struct SmallTreeTests {
  /// A store of five clusters, of which the first ones have rows.
  private func workspace(clusters: Int) async throws -> Workspace {
    let workspace = try await Workspace(
      """
      save("x.h5", np.eye(5, dtype="f4")[np.arange(60) % \(clusters)] * 4)
      save("x.h5", np.arange(60) % 3, "labels")
      """)
    _ = try await workspace.build(["x.h5:/logits"])
    return workspace
  }

  @Test("Every command takes them", arguments: [1, 2])
  func commands(clusters: Int) async throws {
    let workspace = try await workspace(clusters: clusters)
    let count = String(clusters)
    for arguments in [
      ["show", "out.logitree"], ["show", "out.logitree", "--cut", count], ["show", "out.logitree", "--node", "0"],
      ["cut", "out.logitree", "-k", count], ["evaluate", "out.logitree", "--labels", "x.h5:/labels"],
      ["evaluate", "out.logitree", "--labels", "x.h5:/labels", "--json"], ["check", "out.logitree"],
      ["export", "out.logitree", "--format", "svg"], ["export", "out.logitree", "--format", "svg", "--circular"],
      ["export", "out.logitree", "--format", "svg", "--scale", "clusters", "--cut", "1"],
      ["export", "out.logitree", "--format", "html"], ["export", "out.logitree", "--format", "dot"],
      ["export", "out.logitree", "--format", "html", "--labels", "x.h5:/labels"],
    ] {
      let text = String(decoding: try await workspace.succeed(arguments), as: UTF8.self)
      #expect(!text.isEmpty && !text.contains("nan") || arguments.contains("html"), "\(arguments)\n\(text)")
    }
    for arguments in [["show", "out.logitree", "--cut", "3"], ["cut", "out.logitree", "-k", "3"]] {
      #expect(try await workspace.logitree(arguments).status == 64)
    }
    let compared = try await workspace.logitree("compare", "out.logitree", "out.logitree")
    #expect(compared.status == 65 && compared.errors.contains("it takes three to compare"), "\(compared.errors)")
  }

  @Test("Rows are assigned to what there is, with the softmax of all clusters", arguments: [1, 2])
  func assign(clusters: Int) async throws {
    let workspace = try await workspace(clusters: clusters)
    try await workspace.succeed("assign", "out.logitree", "x.h5:/logits", "-k", "1", "-o", "all.h5", "--quiet")
    try await workspace.succeed(
      "assign", "out.logitree", "x.h5:/logits", "--confidence", "0.9", "-o", "sure.h5", "--quiet")
    try await workspace.succeed(
      "assign", "out.logitree", "x.h5:/logits", "--confidence", "1", "-o", "none.h5", "--quiet")
    try await workspace.python(
      """
      x = h5py.File("x.h5")["logits"][:].astype("f8")
      p = np.exp(x) / np.exp(x).sum(1, keepdims=True)
      root = p[:, :\(clusters)].sum(1)
      found = h5py.File("all.h5")
      assert (found["group"][:] == 0).all() and np.allclose(found["probability"][:], root, atol=1e-6)
      assert list(found["clusters/group"][:]) == [0] * \(clusters) + [-1] * \(5 - clusters)
      found = h5py.File("sure.h5")
      assert (found["node"][:] == np.arange(60) % \(clusters)).all()
      assert np.allclose(found["probability"][:], p.max(1), atol=1e-6)
      found = h5py.File("none.h5")
      assert (found["node"][:] == -1).all() and np.allclose(found["probability"][:], root, atol=1e-6)
      """)
  }
}
