import Foundation
import TestSupport
import Testing

@Suite("HDF5 files as they come: odd neighbours, links, virtual datasets, sizes that are only said", .byTurns)
struct UnusualFileTests {
  @Test("One odd neighbour spoils neither the choice nor the listing")
  func neighbours() async throws {
    let workspace = try await Workspace(
      """
      from h5py import h5d, h5s, h5t
      save("x.h5", blobs(300, 20))
      for version, name in [(None, "latin1.h5"), ("latest", "latest.h5")]:
          with h5py.File(name, "w", libver=version) as f:
              f["logits"] = blobs(300, 20)
              f["text"] = ["a", "b"]
              f.create_dataset("labels", data=np.arange(300), compression="gzip")
              h5d.create(f.id, b"log\\xeft", h5t.IEEE_F32LE, h5s.create_simple((3,)))
              f["soft"] = h5py.SoftLink("/logits")
              f["nowhere"] = h5py.SoftLink("/nothing")
              f["gone"] = h5py.ExternalLink("gone.h5", "/x")
              f["circle"] = h5py.SoftLink("/circle")
      """)
    let expected = try await workspace.build("x.h5")
    for file in ["latin1.h5", "latest.h5"] {
      #expect(try await workspace.build([file], to: "\(file).logitree") == expected)
      let listing = try await String(decoding: workspace.succeed("inspect", file), as: UTF8.self)
      for line in ["/logits", "/labels", "/nowhere", "a link to /nothing", "/gone", "a link to gone.h5:/x", "/circle"] {
        #expect(listing.contains(line), "\(line) is not in\n\(listing)")
      }
      #expect(listing.contains("its name is no UTF-8"))
      let json = try await workspace.succeed("inspect", file, "--json")
      let records = try #require(try JSONSerialization.jsonObject(with: json) as? [[String: Any]])
      let gone = try #require(records.first { $0["name"] as? String == "/gone" })
      #expect((gone["problem"] as? String)?.contains("leads nowhere") == true && gone["shape"] == nil)
    }
  }

  @Test("Links are followed where the file has nothing of its own, and circles come to an end")
  func links() async throws {
    let workspace = try await Workspace(
      """
      save("part.h5", blobs(300, 20), "d")
      with h5py.File("master.h5", "w") as f:
          f["logits"] = h5py.ExternalLink("part.h5", "/d")
          f["again"] = h5py.ExternalLink("part.h5", "/d")
          f["itself"] = h5py.ExternalLink("master.h5", "/")
          f["other"] = h5py.ExternalLink("back.h5", "/")
      with h5py.File("back.h5", "w") as f:
          f["back"] = h5py.ExternalLink("master.h5", "/")
          f["sub/up"] = h5py.SoftLink("/")
      with h5py.File("own.h5", "w") as f:
          f["mine"] = blobs(300, 20)
          f["theirs"] = h5py.ExternalLink("part.h5", "/d")
      with h5py.File("several.h5", "w") as f:
          for name in "ab": f[name] = h5py.ExternalLink(f"{name}.h5", "/d")
      for name in "ab": save(f"{name}.h5", blobs(300, 20), "d")
      with h5py.File("broken.h5", "w") as f: f["logits"] = h5py.ExternalLink("gone.h5", "/d")
      """)
    let expected = try await workspace.build("part.h5")
    #expect(try await workspace.build(["master.h5"], to: "m.logitree") == expected)
    #expect(try await workspace.build(["own.h5"], to: "o.logitree") == expected)
    let several = try await workspace.logitree("build", "several.h5", "-o", "s.logitree")
    #expect(several.status == 65 && several.errors.contains("/a, /b"), "\(several.errors)")
    let broken = try await workspace.logitree("build", "broken.h5", "-o", "s.logitree")
    #expect(broken.status == 65 && broken.errors.contains("a link to gone.h5:/d"), "\(broken.errors)")
    #expect(!broken.errors.contains("no datasets at all"))
  }

  @Test("A virtual dataset of itself is an error, on whatever way")
  func itself() async throws {
    let workspace = try await Workspace(
      """
      def virtual(name, *sources):
          with h5py.File(name, "w") as f:
              layout = h5py.VirtualLayout((300, 20), "f4")
              for i, source in enumerate(sources):
                  layout[i * 100:i * 100 + 100] = h5py.VirtualSource(source, "logits", (300, 20))[:100]
              f.create_virtual_dataset("logits", layout)
      save("x.h5", blobs(300, 20))
      virtual("v.h5", "x.h5", "v.h5", "x.h5")
      virtual("a.h5", "b.h5"), virtual("b.h5", "a.h5"), virtual("dot.h5", ".")
      os.symlink("s.h5", "t.h5"), virtual("s.h5", "t.h5")
      for i in range(40): virtual(f"long{i}.h5", f"long{i + 1}.h5")
      os.rename("x.h5", "long40.h5")
      """)
    for file in ["v.h5", "a.h5", "dot.h5", "s.h5", "long0.h5"] {
      let run = try await workspace.logitree("build", file, "-o", "out.logitree")
      #expect(run.status == 65 && run.errors.contains("\(file):/logits: is not complete"), "\(file): \(run.errors)")
      #expect(try await workspace.logitree("inspect", file).status == 0)
    }
  }

  @Test("Sources of virtual datasets are found where HDF5 finds them")
  func sources() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(300, 20)
      save("x.h5", x)
      os.makedirs("a"), os.makedirs("links"), os.makedirs("moved"), os.makedirs("prefix")
      save("a/part.h5", x, "d"), save("a/50%.h5", x, "d"), save("prefix/far.h5", x, "d")
      def virtual(path, source, shape=(300, 20), maximum=None):
          with h5py.File(path, "w") as f:
              layout = h5py.VirtualLayout((300, 20), "f4")
              layout[:] = h5py.VirtualSource(source, "d", (300, 20))
              f.create_virtual_dataset("logits", layout)
      virtual("a/relative.h5", "part.h5"), virtual("a/percent.h5", "50%%.h5")
      virtual("moved/absolute.h5", os.path.abspath("old/part.h5")), save("moved/part.h5", x, "d")
      virtual("far-away.h5", "far.h5")
      os.symlink("../a/relative.h5", "links/relative.h5")
      for i in range(3): save(f"a/block-{i}.h5", x[100 * i:100 * i + 100], "d")
      p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
      space = h5py.h5s.create_simple((300, 20), (h5py.h5s.UNLIMITED, 20))
      space.select_hyperslab((0, 0), (h5py.h5s.UNLIMITED, 1), (100, 1), (100, 20))
      p.set_virtual(space, b"block-%b.h5", b"d", h5py.h5s.create_simple((100, 20)))
      with h5py.File("a/pattern.h5", "w") as f:
          h5py.h5d.create(f.id, b"logits", h5py.h5t.IEEE_F32LE, space, p)
      """)
    let expected = try await workspace.build("x.h5")
    for file in ["a/relative.h5", "a/percent.h5", "links/relative.h5", "moved/absolute.h5", "a/pattern.h5"] {
      #expect(try await workspace.build([file], to: "out-\(file.count).logitree") == expected, "\(file)")
    }
    let build = ["build", "far-away.h5", "-o", "far.logitree", "--quiet"]
    #expect(try await workspace.logitree(build).status == 65)
    let prefixed = try await workspace.logitree(build, environment: ["HDF5_VDS_PREFIX": workspace.path("prefix")])
    #expect(prefixed.status == 0, "\(prefixed.errors)")
    try FileManager.default.removeItem(atPath: workspace.path("a/50%.h5"))
    #expect(try await workspace.logitree("build", "a/percent.h5", "-o", "gone.logitree").status == 65)
  }

  @Test("Sizes that are only said, and groups without end, take no time")
  func bounds() async throws {
    let workspace = try await Workspace(
      """
      with h5py.File("huge.h5", "w") as f:
          f.create_dataset("logits", (2**40, 1000), "f4", chunks=(256, 1000))
      with h5py.File("sparse.h5", "w") as f:
          d = f.create_dataset("logits", (2**40, 1000), "f4", chunks=(256, 1000))
          d[2**39:2**39 + 256] = blobs(256, 1000)
      with h5py.File("high.h5", "w") as f:
          d = f.create_dataset("logits", (2**40, 12), "f4", chunks=(2**20, 12), compression="gzip")
          d[0] = d[2**39] = 1.5
      with h5py.File("contiguous.h5", "w") as f: f.create_dataset("logits", (2**40, 1000), "f4")
      with h5py.File("deep.h5", "w") as f:
          g = f
          for i in range(3000): g = g.create_group("g")
          g["logits"] = blobs(300, 20)
      """)
    try await workspace.succeed("build", "deep.h5", "-o", "deep.logitree", "--quiet")
    for file in ["huge.h5", "sparse.h5", "high.h5", "contiguous.h5"] {
      for options in [[], ["--on-invalid", "skip"], ["--allow-fill"]] {
        let clock = ContinuousClock()
        var run: Finished?
        let time = try await clock.measure {
          run = try await workspace.logitree(["build", file, "-o", "out.logitree"] + options)
        }
        let errors = run?.errors ?? ""
        #expect(run?.status == 65 && errors.contains("were never written"), "\(file) \(options): \(errors)")
        #expect(time < .seconds(20))
      }
      try await workspace.succeed("inspect", file)
    }
  }

  @Test("bfloat16 as h5py writes that of ml_dtypes")
  func bfloat16() async throws {
    let workspace = try await Workspace(
      """
      import ml_dtypes
      x = blobs(300, 20).astype(ml_dtypes.bfloat16)
      save("want.h5", x.astype("f4"))
      save("b.h5", x)
      save("chunked.h5", x, chunks=(50, 20), compression="gzip", shuffle=True)
      with h5py.File("part.h5", "w") as f: f.create_dataset("logits", (300, 20), x.dtype)[:100] = x[:100]
      """)
    let expected = try await workspace.build("want.h5")
    #expect(try await workspace.build(["b.h5"], to: "b.logitree") == expected)
    #expect(try await workspace.build(["chunked.h5"], to: "chunked.logitree") == expected)
    let part = try await workspace.logitree("build", "part.h5", "-o", "part.logitree")
    #expect(part.status == 65 && part.errors.contains("rows 100..<300"), "\(part.errors)")
  }
}
