import Foundation
import TestSupport
import Testing

@Suite("Filters of plugins, as hdf5plugin writes them, need no plugins", .byTurns)
struct FilterTests {
  /// Writes the same logits with each codec, order of bytes, level, type, and chunks that reach beyond the edges, and other
  /// filters before and behind; every `step`-th of them.
  private static func files(every step: Int) -> String {
    """
    import hdf5plugin as h, itertools
    x = blobs(300, 13).round(2)
    codecs = [h.Zstd(), h.Zstd(clevel=12), h.LZ4(), h.LZ4(nbytes=100)]
    codecs += [h.Bitshuffle(cname=c, nelems=n) for c in ("none", "lz4", "zstd") for n in (0, 8, 64, 4096)]
    for level in (0, 1, 5, 9):
        codecs += [h.Blosc(cname=c, shuffle=s, clevel=level)
                   for c in ("blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd") for s in range(3)]
        codecs += [h.Blosc2(cname=c, filters=s, clevel=level)
                   for c in ("blosclz", "lz4", "lz4hc", "zlib", "zstd") for s in range(4)]
    types = ("<f4", ">f4", "<f2", ">f2", "<f8", ">f8")
    for t in types[::2]: save(f"plain{t[1:]}.h5", x.astype(t[1:]))
    cases = itertools.product(codecs, types, [(100, 13), (64, 8), (257, 11)])
    others = [{}, dict(shuffle=True), dict(fletcher32=True)]
    for i, (codec, t, chunks) in enumerate(list(cases)[:: \(step)]):
        save(f"{t[1:]}-{i}.h5", x.astype(t), chunks=chunks, **codec, **others[i % 3])
    print(*sorted(f for f in os.listdir() if "-" in f), end="")
    """
  }

  private func check(every step: Int) async throws {
    let workspace = try Workspace()
    let files = try await workspace.python(Self.files(every: step)).split(separator: " ").map(String.init)
    #expect(files.count > 2000 / step)
    var expected: [Substring: Data] = [:]
    for file in files {
      let type = file.prefix(2)
      if expected[type] == nil {
        _ = try await workspace.build("plain\(type).h5")
        expected[type] = try await workspace.succeed("export", "out.logitree", "--format", "merges")
      }
      let run = try await workspace.logitree("build", file, "-o", "out.logitree", "--replace", "--quiet")
      guard run.status == 0 else {
        Issue.record("\(file): \(run.errors)")
        continue
      }
      let merges = try await workspace.succeed("export", "out.logitree", "--format", "merges")
      #expect(merges == expected[type], "\(file)")
    }
  }

  @Test("Each gives the same bytes as the plain file: some of all combinations")
  func some() async throws { try await check(every: 113) }

  @Test("… all combinations", .enabled(if: Package.runsLargeTests, "set LOGITREE_LARGE to run it"))
  func all() async throws { try await check(every: 1) }

  @Test(
    "Chunks of Blosc 2 in which all elements are the same hold them; those that were never given values are damaged")
  func constants() async throws {
    let workspace = try await Workspace(
      """
      import hdf5plugin
      x = blobs(400, 20)
      x[100:200], x[200:300], x[300:] = 2.5, 0, np.nan
      save("plain.h5", x)
      save("same.h5", x, chunks=(100, 20), **hdf5plugin.Blosc2())
      def index(file, byte):
          # The byte in the highest place of the index says what all elements are: it stands in the header of a chunk of 8.
          with h5py.File(file, "r+") as f:
              chunk = bytearray(f["logits"].id.read_direct_chunk((200, 0))[1])
              chunk[chunk.rindex(bytes([5, 1, 7, 8, 8])) + 31] = byte << 4
              f["logits"].id.write_direct_chunk((200, 0), bytes(chunk))
      save("never.h5", x, chunks=(100, 20), **hdf5plugin.Blosc2())
      index("never.h5", 4)
      """)
    for file in ["plain.h5", "same.h5"] {
      let run = try await workspace.logitree(
        "build", file, "-o", "\(file).logitree", "--on-invalid", "skip", "--allow-fill", "--json")
      #expect(run.status == 0, "\(file): \(run.errors)")
    }
    let plain = try await workspace.succeed("export", "plain.h5.logitree", "--format", "merges")
    let same = try await workspace.succeed("export", "same.h5.logitree", "--format", "merges")
    #expect(plain == same)
    let never = try await workspace.logitree("build", "never.h5", "-o", "never.logitree", "--on-invalid", "skip")
    #expect(never.status == 65 && never.errors.contains("rows 200..<300 are damaged"), "\(never.errors)")
  }

  @Test("Labels, names, and what the library converts are read without plugins too; inspect names filters and the path")
  func others() async throws {
    let workspace = try await Workspace(
      """
      import hdf5plugin
      x = blobs(300, 20)
      save("x.h5", x, chunks=(100, 20), **hdf5plugin.Blosc2(cname="zstd", filters=2))
      save("x.h5", x.argmax(1), dataset="labels", chunks=(100,), shuffle=True, **hdf5plugin.Zstd())
      save("x.h5", np.array([f"n{i}" for i in range(20)], "S5"), dataset="names", chunks=(7,), **hdf5plugin.Blosc())
      with h5py.File("virtual.h5", "w") as f:
          layout = h5py.VirtualLayout(x.shape, "<f8")
          layout[:] = h5py.VirtualSource("x.h5", "logits", x.shape)
          f.create_virtual_dataset("logits", layout)
      """)
    _ = try await workspace.build("x.h5:/logits", "--names", "x.h5:/names")
    let merges = try await workspace.succeed("export", "out.logitree", "--format", "merges")
    let measures = try await workspace.succeed("evaluate", "out.logitree", "--labels", "x.h5:/labels")
    #expect(String(decoding: measures, as: UTF8.self).contains("top-1 accuracy               1.0000"))
    let cut = try await workspace.succeed("cut", "out.logitree", "-k", "2")
    #expect(String(decoding: cut, as: UTF8.self).contains("19,n19,"))
    _ = try await workspace.build("virtual.h5")
    let converted = try await workspace.succeed("export", "out.logitree", "--format", "merges")
    #expect(converted.split(separator: 10).count == merges.split(separator: 10).count)
    let inspected = try await workspace.logitree("inspect", "x.h5:/logits")
    #expect(inspected.outputText.contains("blosc2 with zstd 5 and bitshuffle"), "\(inspected.outputText)")
    #expect(inspected.outputText.contains("read directly, decoded by all threads"), "\(inspected.outputText)")
  }
}
