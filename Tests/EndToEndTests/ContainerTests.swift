import Foundation
import TestSupport
import Testing

@Suite("Files of NumPy, PyTorch and Zarr", .byTurns)
struct ContainerTests {
  private static let data = """
    import torch_files, zarr_files
    x = blobs(6_000, 60)
    save("x.h5", x)
    wide = np.zeros((6_000, 70), "f4"); wide[:, 3:63] = x
    np.savez("stored.npz", logits=x)
    np.savez_compressed("deflated.npz", logits=x)
    torch_files.write_torch("view.pt", {"l": [torch_files.Tensor(torch_files.Storage(wide), x.shape, (70, 1), 3)]})
    zarr_files.write_zarr("second.zarr", x, (500, 17), codecs=["zlib"])
    zarr_files.write_zarr("third.zarr", x, (512, 60), version=3, codecs=["gzip", "crc32c"])
    labels = x.argmax(1)
    np.save("labels.npy", labels)
    np.savez_compressed("labels.npz", y=labels, logits=x, names=np.array([f"class {i}" for i in range(60)]))
    torch_files.write_torch("labels.pt", {"y": torch_files.Tensor(labels.astype("i8")), "l": torch_files.Tensor(x)})
    zarr_files.write_zarr("labels.zarr/second", labels.astype(">i4"), (999,), codecs=["zlib"], fill=0)
    zarr_files.write_zarr("labels.zarr/third", labels.astype("u1"), (7000,), version=3, codecs=["gzip"], fill=0)
    open("labels.zarr/.zgroup", "w").write('{"zarr_format": 2}')
    # zarr-python leaves out chunks that are fill value throughout.
    zarr_files.write_zarr("one.zarr", np.arange(6_000).clip(5_000) - 5_000, (500,), fill=0, rows=[(5_000, 6_000)])
    np.save("one.npy", np.arange(6_000).clip(5_000) - 5_000)
    open("names.txt", "w").write("".join(f"class {i}\\n" for i in range(60)))

    """
  private static let inputs = ["stored.npz", "deflated.npz", "view.pt:l/0", "second.zarr", "third.zarr"]

  @Test("What comes out of a compressed array in columns is kept in TMPDIR, and it is an error if it can't be")
  func scattered() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(3000, 40)
      save("x.h5", x)
      np.savez_compressed("x.npz", logits=np.asfortranarray(x))
      os.mkdir("kept")
      """)
    let expected = try await workspace.build("x.h5")
    let built = try await workspace.logitree(
      ["build", "x.npz", "-o", "x.logitree", "--quiet"], environment: ["TMPDIR": workspace.path("kept")])
    #expect(built.status == 0, "\(built.errors)")
    #expect(try await workspace.succeed("export", "x.logitree", "--format", "merges") == expected)
    #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path("kept")).isEmpty)
    let refused = try await workspace.logitree(
      ["build", "x.npz", "-o", "y.logitree"], environment: ["TMPDIR": workspace.path("none")])
    #expect(refused.status == 73 && refused.errors.contains("TMPDIR says where it is"), "\(refused.errors)")
    #expect(try !workspace.listing().contains { $0.hasPrefix("y.logitree") })
  }

  @Test("Builds, shards, updates, checks and placements are those of HDF5")
  func commands() async throws {
    let workspace = try await Workspace(Self.data)
    let expected = try await workspace.build(["x.h5"], to: "x.logitree")
    try await workspace.succeed("assign", "x.logitree", "x.h5", "-k", "7", "-o", "x-nodes.h5")
    for input in Self.inputs {
      #expect(try await workspace.build([input], to: "o.logitree") == expected, "\(input)")
      try await workspace.succeed("update", "o.logitree", "--quiet")
      try await workspace.succeed("check", "o.logitree")
      try await workspace.succeed("assign", "o.logitree", input, "-k", "7", "-o", "nodes.h5")
      try await workspace.python(
        "a, b = h5py.File('x-nodes.h5'), h5py.File('nodes.h5'); assert all((a[n][:] == b[n][:]).all() for n in ['group', 'probability'])"
      )
      let shards = ["1/3", "2/3", "3/3"]
      try await workspace.run(shards, ["scan", input])
      #expect(try await workspace.finish(shards).merges == expected, "\(input)")
      try FileManager.default.removeItem(atPath: workspace.path("shards"))
      try FileManager.default.removeItem(atPath: workspace.path("nodes.h5"))
    }
    // Rows that were added to a store of others.
    _ = try await workspace.build(["deflated.npz"], to: "o.logitree")
    try await workspace.succeed("update", "o.logitree", "third.zarr", "--quiet")
    let twice = try await workspace.build(["x.h5", "third.zarr"], to: "twice.logitree")
    #expect(try await workspace.succeed("export", "o.logitree", "--format", "merges") == twice)
  }

  @Test("Labels and names are taken from members, as from .npy")
  func labels() async throws {
    let workspace = try await Workspace(Self.data)
    _ = try await workspace.build(["x.h5", "--names", "labels.npz:names"], to: "x.logitree")
    _ = try await workspace.build(["x.h5", "--names", "names.txt"], to: "y.logitree")
    let names = try await workspace.succeed("export", "x.logitree", "--format", "newick")
    #expect(try await workspace.succeed("export", "y.logitree", "--format", "newick") == names)
    let expected = try await workspace.succeed("evaluate", "x.logitree", "--labels", "labels.npy", "--json")
    for labels in ["labels.npz:y", "labels.npz", "labels.pt:y", "labels.zarr:second", "labels.zarr:third"] {
      #expect(
        try await workspace.succeed("evaluate", "x.logitree", "--labels", labels, "--json") == expected, "\(labels)")
    }
    let one = try await workspace.succeed("evaluate", "x.logitree", "--labels", "one.npy", "--json")
    #expect(try await workspace.succeed("evaluate", "x.logitree", "--labels", "one.zarr", "--json") == one)
    let several = try await workspace.logitree("evaluate", "x.logitree", "--labels", "labels.zarr")
    #expect(several.status == 65 && several.errors.contains("second, third"), "\(several.errors)")
    let missing = try await workspace.logitree("evaluate", "x.logitree", "--labels", "labels.npz:z")
    #expect(missing.status == 66 && missing.errors.contains("labels.npz: no dataset z"), "\(missing.errors)")
  }

  private static let tensors = """
    import torch_files
    from torch_files import Call, Global, Storage, Tensor
    x = blobs(9, 3)

    """

  static let refused: [Mistake] = [
    .build(
      "a pickle that calls the system",
      tensors + "torch_files.write_torch('x.pt', {'l': Tensor(x), 'e': Call(Global('posix', 'system'), 'touch gone')})",
      "x.pt",
      status: 65, says: "x.pt", "posix.system", "Nothing of it was executed"),
    .build(
      "a view beyond its storage", tensors + "torch_files.write_torch('x.pt', Tensor(Storage(x), (9, 4), (4, 1)))",
      "x.pt",
      status: 65, says: "x.pt", "beyond the 27 elements"),
    .build(
      "a negated view",
      tensors + "torch_files.write_torch('x.pt', Tensor(Storage(x), (9, 3), (3, 1), metadata={'neg': True}))",
      "x.pt", status: 65, says: "x.pt", "negated"),
    .build(
      "several tensors", tensors + "torch_files.write_torch('x.pt', {'a': Tensor(x), 'b': [Tensor(x)]})", "x.pt",
      status: 65, says: "x.pt", "a, b.0"),
    .build(
      "a tensor that is not there", tensors + "torch_files.write_torch('x.pt', {'a': Tensor(x)})", "x.pt:c", status: 66,
      says: "x.pt: no dataset c; it has a"),
    .build(
      "a member whose bytes have changed",
      "np.savez('x.npz', l=blobs(9, 3)); b = bytearray(open('x.npz', 'rb').read()); b[250] ^= 1; open('x.npz', 'wb').write(b)",
      "x.npz", status: 65, says: "x.npz:l", "checksum"),
    .build(
      "a compressed member whose bytes have changed",
      "np.savez_compressed('x.npz', l=blobs(99, 3)); b = bytearray(open('x.npz', 'rb').read()); b[250] ^= 1; open('x.npz', 'wb').write(b)",
      "x.npz", status: 65, says: "x.npz:l"),
    .build(
      "a zip file cut short", "np.savez('x.npz', l=blobs(9, 3)); os.truncate('x.npz', 300)", "x.npz", status: 65,
      says: "x.npz", "no directory at its end"),
    .build(
      "a codec that is not known",
      "import zarr_files; zarr_files.write_zarr('x.zarr', blobs(9, 3), (3, 3)); "
        + "t = open('x.zarr/.zarray').read(); open('x.zarr/.zarray', 'w').write(t.replace('\"compressor\": null', '\"compressor\": {\"id\": \"lz4\"}'))",
      "x.zarr", status: 65, says: "x.zarr", "lz4"),
    .build(
      "a key that is missing, where null would do",
      "import zarr_files; zarr_files.write_zarr('x.zarr', blobs(9, 3), (3, 3)); "
        + "t = open('x.zarr/.zarray').read(); open('x.zarr/.zarray', 'w').write(t.replace('filters', 'gilters'))",
      "x.zarr", status: 65, says: "x.zarr/.zarray", "filters is missing"),
    .build(
      "a key of version 3 that is missing",
      "import json, zarr_files; zarr_files.write_zarr('x.zarr', blobs(9, 3), (3, 3), version=3); "
        + "t = json.load(open('x.zarr/zarr.json')); del t['fill_value']; json.dump(t, open('x.zarr/zarr.json', 'w'))",
      "x.zarr", status: 65, says: "x.zarr/zarr.json", "fill_value is missing"),
    .build(
      "sharding",
      "import zarr_files; zarr_files.write_zarr('x.zarr', blobs(9, 3), (3, 3), version=3); "
        + "t = open('x.zarr/zarr.json').read(); open('x.zarr/zarr.json', 'w').write(t.replace('\"bytes\"', '\"sharding_indexed\"'))",
      "x.zarr", status: 65, says: "x.zarr", "sharding_indexed"),
    .build(
      "a chunk cut short",
      "import zarr_files; zarr_files.write_zarr('x.zarr', blobs(9, 3), (3, 3)); os.truncate('x.zarr/1.0', 30)",
      "x.zarr",
      status: 65, says: "x.zarr: rows 3..<6", "30 bytes"),
    .build(
      "a chunk that is gone",
      "import zarr_files; zarr_files.write_zarr('x.zarr', blobs(9, 3), (3, 3)); os.remove('x.zarr/1.0')", "x.zarr",
      status: 65, says: "x.zarr: rows 3..<6 were never written"),
  ]

  @Test("What can't be read is refused, and says why", arguments: refused)
  func mistakes(_ mistake: Mistake) async throws { try await mistake.check() }

  @Test("Results don't go into a directory that is an input")
  func inside() async throws {
    let workspace = try await Workspace(Self.data)
    _ = try await workspace.build(["x.h5"], to: "x.logitree")
    let run = try await workspace.logitree(
      "assign", "x.logitree", "second.zarr", "-k", "7", "-o", "second.zarr/nodes.h5")
    #expect(run.status != 0 && run.errors.contains("second.zarr/nodes.h5"), "\(run.errors)")
  }

  static let foreign: [(file: String, script: String, says: String)] = [
    ("x.parquet", "open('x.parquet', 'wb').write(b'PAR1' + bytes(99))", "a Parquet file"),
    ("x.arrow", "open('x.arrow', 'wb').write(b'ARROW1' + bytes(99))", "an Arrow file"),
    ("x.mat", "import scipy.io; scipy.io.savemat('x.mat', {'logits': x})", "MATLAB before version 7.3"),
    ("y.mat", "import scipy.io; scipy.io.savemat('y.mat', {'logits': x}, format='4')", "MATLAB before version 7.3"),
    ("x.pkl", "import pickle; pickle.dump(x, open('x.pkl', 'wb'))", "a pickle"),
    ("x.csv", "np.savetxt('x.csv', x, delimiter=',')", "is text"),
    ("h.csv", "np.savetxt('h.csv', x, delimiter=';', header='c' * 9000, comments='')", "is text"),
    (
      "w.csv",
      "names = 'file,w' + ',c' * 8 + '\\n'; open('w.csv', 'w').write(names + ''.join("
        + "f'a {i}.png,cat,' + ','.join(map(str, r)) + '\\n' for i, r in enumerate(x)))", "is text"
    ),
    ("x.tsv", "np.savetxt('x.tsv', x, delimiter='\\t')", "is text"),
    (
      "x.tfrecord",
      "open('x.tfrecord', 'wb').write(bytes.fromhex('0500000000000000eab2043e') + b'hello' + bytes(4))",
      "a TFRecord file"
    ),
    ("x.gz", "import gzip; gzip.open('x.gz', 'wb').write(x.tobytes())", "gunzip x.gz"),
    ("x.xz", "import lzma; lzma.open('x.xz', 'wb').write(x.tobytes())", "unxz x.xz"),
    ("x.zip", "import zipfile; zipfile.ZipFile('x.zip', 'w').writestr('a.txt', 'a')", "a zip file of other things"),
    (
      "old.pt", "open('old.pt', 'wb').write(bytes.fromhex('80028a0a6cfc9c46f9206aa850192e') + bytes(99))",
      "PyTorch before 1.6"
    ),
  ]

  @Test("Other formats are called by their names", arguments: foreign)
  func recognized(file: String, script: String, says: String) async throws {
    let workspace = try await Workspace("x = blobs(50, 8)\n" + script)
    let run = try await workspace.logitree("build", file, "-o", "x.logitree")
    #expect(run.status == 65 && run.errors.contains(file) && run.errors.contains(says), "\(run.errors)")
  }

  @Test(
    "The lines that convert them write the rows",
    arguments: ["x.mat", "x.pkl", "x.csv", "h.csv", "w.csv", "x.tsv"])
  func converted(file: String) async throws {
    let script = try #require(Self.foreign.first { $0.file == file }).script
    let workspace = try await Workspace("x = blobs(50, 8)\nopen('x.f4', 'wb').write(x.tobytes())\n" + script)
    let run = try await workspace.logitree("build", file, "-o", "x.logitree")
    let start = try #require(run.errors.range(of: "python -c '"))
    let end = try #require(run.errors.range(of: "' |", range: start.upperBound..<run.errors.endIndex))
    try workspace.write(String(run.errors[start.upperBound..<end.lowerBound]), to: "convert.py")
    let converted = try await Command.run(Python.interpreter(), ["convert.py"], in: workspace.url, environment: [:])
    let expected = try Data(contentsOf: workspace.url.appending(path: "x.f4"))
    #expect(converted.status == 0 && converted.output == expected, "\(converted.errors)")
  }
}
