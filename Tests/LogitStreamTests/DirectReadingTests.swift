import Foundation
import HDF5
import LogitStream
import TestSupport
import Testing

@Suite("Reading past the library")
struct DirectReadingTests {
  /// Arrays of all types, in random shapes, chunks and filters; `turned` ones are K × N, with the bytes of N × K.
  private static let arrays = Result {
    try Fixture(
      """
      random = np.random.default_rng(17)
      for i in range(120):
        shape = [int(n) for n in random.integers(1, 40, size=random.choice([1, 1, 2, 3]))] + [int(random.integers(2, 30))]
        array = random.standard_normal(shape).astype(random.choice(["f2", "f4", "f8", ">f2", ">f4", ">f8"]))
        # What repeats is compressed to copies.
        array[random.random(shape) < 0.7] = 0
        options = {"chunks": tuple(int(random.integers(1, n + 1)) for n in shape)}
        if random.random() < 0.2: options["chunks"] = tuple(n + 1 for n in shape)
        if random.random() < 0.3: options["maxshape"] = tuple(None for n in shape)
        if max(c - n for c, n in zip(options["chunks"], shape)) > 0: options["maxshape"] = tuple(None for n in shape)
        kind = random.integers(6)
        if kind == 1: options["compression"] = "gzip"
        if kind == 2: options["compression"] = "lzf"
        if kind == 3: options = {}
        if kind not in (0, 3): options["shuffle"] = bool(random.integers(2))
        if kind != 3: options["fletcher32"] = bool(random.integers(2))
        if i % 3 == 2:
          turned = np.ascontiguousarray(np.moveaxis(array, -1, 0))
          for name in ("chunks", "maxshape"):
            if name in options: options[name] = options[name][-1:] + options[name][:-1]
          save(f"a{i:03}", turned, **options)
          save(f"rows{i:03}", array)
        else:
          save(f"a{i:03}", array, **options)
      """)
  }

  @Test("Every row, alone or with others, is that which h5py wrote", arguments: 0..<extent(120, debugging: 30))
  func rows(index: Int) throws {
    let fixture = try Self.arrays.get()
    let number = String(String(1000 + index).dropFirst())
    let isTransposed = index % 3 == 2
    let expected = try fixture.savedBytes(isTransposed ? "rows\(number)" : "a\(number)")
    let input = try LogitInput(
      opening: InputSpecification(file: fixture.path, dataset: "a\(number)", isTransposed: isTransposed))
    #expect(expected.count == input.rows * input.rowByteCount)
    let readers = SourceReaders(try LogitSource([input]))
    var reader = BlockReader(readers)
    var random = SeededGenerator(seed: UInt64(index))
    for _ in 0..<8 {
      let start = random.int(0...input.rows - 1)
      let rows = start..<random.int(start + 1...input.rows)
      let differing = try reader.read(RowSlice(input: 0, rows: rows)) { block, input in
        expected.withUnsafeBytes { bytes in
          rows.first { row in
            guard let written = bytes.baseAddress else { return true }
            return memcmp(block.row(row), written + row * input.rowByteCount, input.rowByteCount) != 0
          }
        }
      }
      #expect(differing == nil, "of rows \(rows)")
    }
    #expect(try readers.unwritten(RowSlice(input: 0, rows: 0..<input.rows)).isEmpty)
  }

  @Test("A chunk is found where h5py says it is, or is not there", arguments: ["earliest", "v110"])
  func locations(version: String) throws {
    let fixture = try Fixture(
      """
      f.close()
      f = h5py.File(sys.argv[1], "w", libver=("\(version)", "v110"))
      for name, maximum in [("fixed", (40, 12)), ("growing", (None, 12)), ("both", (None, None))]:
        x = f.create_dataset(name, (40, 12), "f4", chunks=(7, 5), maxshape=maximum, compression="gzip")
        x[:14] = np.random.default_rng(1).random((14, 12))
        x[21:] = 1
        f.flush()
        chunks = [x.id.get_chunk_info(i) for i in range(x.id.get_num_chunks())]
        save("chunks of " + name, np.array([[*c.chunk_offset, c.byte_offset, c.size] for c in chunks], "i8"))
      """)
    for name in ["fixed", "growing", "both"] {
      let saved = try fixture.savedBytes("chunks of \(name)").withUnsafeBytes { [Int64]($0.bindMemory(to: Int64.self)) }
      var expected: [[Int]: [Int]] = [:]
      for chunk in stride(from: 0, to: saved.count, by: 4) {
        expected[[Int(saved[chunk]), Int(saved[chunk + 1])]] = [Int(saved[chunk + 2]), Int(saved[chunk + 3])]
      }
      #expect(expected.count == 15)
      let locator = try ChunkLocator(File(readOnly: fixture.path).dataset("/" + name))
      for row in stride(from: 0, to: 40, by: 7) {
        for column in stride(from: 0, to: 12, by: 5) {
          let found = try locator.location(of: [row, column])
          #expect(found.map { [$0.address, $0.byteCount] } == expected[[row, column]], "\(name) \(row) \(column)")
          #expect(found?.skippedFilters ?? 0 == 0)
        }
      }
    }
  }
}
