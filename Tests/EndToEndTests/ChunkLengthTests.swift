import Foundation
import Testing

@Suite("A chunk that gives fewer or more bytes than a chunk has is damaged, whoever reads it", .byTurns)
struct ChunkLengthTests {
  /// Encoders of a chunk, with the options of h5py that say so.
  private static let filters = [
    ("plain", "dict()", "lambda b: b"),
    ("gzip", "dict(compression='gzip')", "zlib.compress"),
    ("shuffle-gzip", "dict(compression='gzip', shuffle=True)", "lambda b: zlib.compress(shuffled(b))"),
    ("fletcher32", "dict(fletcher32=True)", "lambda b: summed(b)"),
    ("gzip-fletcher32", "dict(compression='gzip', fletcher32=True)", "lambda b: summed(zlib.compress(b))"),
    ("lzf", "dict(compression='lzf')", "lambda b: literal(b)"),
    ("zstd", "dict(**hdf5plugin.Zstd())", "lambda b: stored(b, hdf5plugin.Zstd())"),
    ("lz4", "dict(**hdf5plugin.LZ4())", "lambda b: stored(b, hdf5plugin.LZ4())"),
    ("blosc2", "dict(**hdf5plugin.Blosc2())", "lambda b: stored(b, hdf5plugin.Blosc2())"),
    ("bzip2", "dict(**hdf5plugin.BZip2())", "lambda b: stored(b, hdf5plugin.BZip2())"),
    ("blosc", "dict(**hdf5plugin.Blosc())", "lambda b: stored(b, hdf5plugin.Blosc())"),
    ("bitshuffle", "dict(**hdf5plugin.Bitshuffle())", "lambda b: stored(b, hdf5plugin.Bitshuffle())"),
  ]

  private static let helpers = """
    import zlib, hdf5plugin
    def shuffled(b): return np.frombuffer(b, "u1").reshape(-1, 4).T.tobytes()
    def summed(b):
        low = high = 0
        for i in range(0, len(b), 2):
            low = (low + (b[i] << 8 | (b[i + 1] if i + 1 < len(b) else 0))) % 65535
            high = (high + low) % 65535
        return b + ((high or 65535) << 16 | (low or 65535)).to_bytes(4, "little")
    def literal(b): return b"".join(bytes([len(b[i:i + 32]) - 1]) + b[i:i + 32] for i in range(0, len(b), 32))
    def stored(b, options):
        with h5py.File("scratch.h5", "w") as g:
            d = g.create_dataset("x", data=np.frombuffer(b, "f4"), chunks=(len(b) // 4,), **options)
            return d.id.read_direct_chunk((0,))[1]
    def write(name, options, encode, **more):
        x = blobs(300, 20)
        with h5py.File(name, "w", **more) as g:
            d = g.create_dataset("logits", (300, 20), "<f4", chunks=(100, 20), **options)
            for i, change in enumerate([lambda b: b, change_of[0], lambda b: b]):
                d.id.write_direct_chunk((100 * i, 0), encode(change(x[100 * i:100 * i + 100].tobytes())), 0)
    half, double, same = lambda b: b[:len(b) // 2], lambda b: b + b, lambda b: b

    """

  @Test("In files, behind links, in families, in virtual datasets", arguments: filters)
  func lengths(name: String, options: String, encode: String) async throws {
    let workspace = try await Workspace(
      Self.helpers + """
        for word, change in [("half", half), ("double", double), ("same", same)]:
            change_of = [change]
            write(f"{word}.h5", \(options), \(encode))
            write(f"{word}-%d.h5", \(options), \(encode), driver="family", memb_size=10000)
            with h5py.File(f"{word}-link.h5", "w") as g: g["logits"] = h5py.ExternalLink(f"{word}.h5", "/logits")
            with h5py.File(f"{word}-virtual.h5", "w") as g:
                layout = h5py.VirtualLayout((300, 20), "<f4")
                layout[:] = h5py.VirtualSource(f"{word}.h5", "logits", (300, 20))
                g.create_virtual_dataset("logits", layout)
            # The type is another one: the library converts, and reads the source itself.
            with h5py.File(f"{word}-converted.h5", "w") as g:
                layout = h5py.VirtualLayout((300, 20), "<f8")
                layout[:] = h5py.VirtualSource(f"{word}.h5", "logits", (300, 20))
                g.create_virtual_dataset("logits", layout)
        """)
    // Of these filters it is the one that we have no decoder for.
    let environment =
      try await name == "bzip2"
      ? ["HDF5_PLUGIN_PATH": workspace.python("import hdf5plugin; print(hdf5plugin.PLUGIN_PATH, end='')")] : [:]
    var whole: Data?
    for file in ["", "-%d", "-link", "-virtual", "-converted"] {
      for word in ["same", "half", "double"] {
        let run = try await workspace.logitree(
          ["build", "\(word)\(file).h5", "-o", "out.logitree", "--quiet", "--replace"],
          environment: environment)
        if word == "same" {
          try #require(run.status == 0, "\(name) \(word)\(file): \(run.errors)")
          let merges = try await workspace.succeed("export", "out.logitree", "--format", "merges")
          if file != "-converted" { #expect(merges == whole ?? merges) }
          whole = merges
        } else {
          #expect(run.status == 65, "\(name) \(word)\(file): \(run.status) \(run.errors)")
          #expect(run.errors.contains("rows 100..<200"), "\(run.errors)")
        }
      }
    }
  }

  @Test("What follows the compressed bytes, and what would inflate to far more than a chunk, is refused at once")
  func trailing() async throws {
    let workspace = try await Workspace(
      """
      import zlib, hdf5plugin
      x = blobs(300, 20).tobytes()
      bomb = zlib.compress(bytes(1 << 28), 1)
      parts = dict(streams=zlib.compress(x[:9000]) + zlib.compress(x[9000:]), behind=zlib.compress(x) + b"more", bomb=bomb)
      for name, part in parts.items():
          with h5py.File(name + ".h5", "w") as f:
              d = f.create_dataset("logits", (300, 20), "<f4", chunks=(300, 20), compression="gzip")
              d.id.write_direct_chunk((0, 0), part, 0)
      p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
      p.set_chunk((300, 20))
      p.set_filter(h5py.h5z.FILTER_DEFLATE, h5py.h5z.FLAG_MANDATORY, (4,))
      p.set_filter(hdf5plugin.Zstd.filter_id, h5py.h5z.FLAG_MANDATORY, ())
      with h5py.File("mixed.h5", "w") as f:
          d = h5py.h5d.create(f.id, b"logits", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((300, 20)), p)
          d.write_direct_chunk((0, 0), bomb, 2)
      """)
    for name in ["streams", "behind", "bomb", "mixed"] {
      let run = try await workspace.logitree(
        "build", "\(name).h5", "-o", "out.logitree", "--memory", "128MiB", "--json")
      #expect(run.status == 65 && run.errors.contains("rows 0..<300 are damaged"), "\(name): \(run.errors)")
    }
  }

  @Test("Labels that are read by the library too")
  func labels() async throws {
    let workspace = try await Workspace(
      """
      import zlib
      save("x.h5", blobs(300, 20))
      y = (np.arange(300) % 20).astype("<i4").tobytes()
      for name, part in dict(half=y[:600], whole=y).items():
          with h5py.File(name + ".h5", "w") as f:
              d = f.create_dataset("labels", (300,), "<i4", chunks=(300,), compression="gzip")
              d.id.write_direct_chunk((0,), zlib.compress(part), 0)
      """)
    _ = try await workspace.build("x.h5")
    try await workspace.succeed("evaluate", "out.logitree", "--labels", "whole.h5")
    let half = try await workspace.logitree("evaluate", "out.logitree", "--labels", "half.h5")
    #expect(half.status == 65 && half.errors.contains("half.h5:/labels: rows 0..<300 are damaged"), "\(half.errors)")
  }
}
