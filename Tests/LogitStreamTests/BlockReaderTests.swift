import LogitStream
import TestSupport
import Testing

extension RowBlock {
  /// The rows' logits, as they are stored, without what lies between rows.
  fileprivate func bytes(of input: LogitInput) -> [UInt8] {
    rows.flatMap { [UInt8](UnsafeRawBufferPointer(start: row($0), count: input.rowByteCount)) }
  }
}

@Suite("Reading blocks")
struct BlockReaderTests {
  private static let parts = Result {
    try Fixture(
      """
      random = np.random.default_rng(5)
      save("contiguous", random.random((23, 7)).astype("f4"))
      save("chunked", random.random((31, 7)).astype(">f8"), chunks=(4, 3))
      save("compressed", random.random((18, 7)).astype("f2"), chunks=(5, 7), compression="gzip", shuffle=True)
      """)
  }

  @Test(
    "The rows read are those h5py wrote, over the edges of chunks and inputs", arguments: [1, 60, 200, 500, 100_000])
  func content(target: Int) throws {
    let fixture = try Self.parts.get()
    let names = ["contiguous", "compressed", "chunked", "contiguous"]
    let source = try LogitSource(opening: names.map { InputSpecification(file: fixture.path, dataset: $0) })
    let plan = BlockPlan(source, targetByteCount: target, mostByteCount: 100_000)
    var reader = BlockReader(SourceReaders(source))
    var read = names.map { _ in [UInt8]() }
    for index in 0..<plan.count {
      let block = plan[index]
      let bytes = try reader.read(block.slice) { rows, input in
        #expect(input == source.inputs[block.slice.input] && rows.rows == block.slice.rows && rows.unwritten.isEmpty)
        return rows.bytes(of: input)
      }
      #expect(bytes.count == block.slice.rows.count * source.inputs[block.slice.input].rowByteCount)
      read[block.slice.input] += bytes
    }
    for (name, bytes) in zip(names, read) {
      let saved = try fixture.savedBytes(name)
      #expect(bytes == saved, "\(name)")
    }
  }

  @Test("Blocks may be read in any order, from inputs in turn")
  func anyOrder() throws {
    let fixture = try Self.parts.get()
    let source = try LogitSource(
      opening: ["contiguous", "chunked"].map { InputSpecification(file: fixture.path, dataset: $0) })
    let plan = BlockPlan(source, targetByteCount: 150, mostByteCount: 100_000)
    var reader = BlockReader(SourceReaders(source))
    let saved = try [fixture.savedBytes("contiguous"), fixture.savedBytes("chunked")]
    for index in (0..<plan.count).reversed().sorted(by: { $0 % 3 < $1 % 3 }) {
      let block = plan[index]
      let size = source.inputs[block.slice.input].rowByteCount
      let bytes = try reader.read(block.slice) { $0.bytes(of: $1) }
      #expect(
        bytes
          == Array(saved[block.slice.input][block.slice.rows.lowerBound * size..<block.slice.rows.upperBound * size]))
    }
  }

  @Test(
    "A dataset that is another by the time it is read is an error",
    arguments: [
      "f['x'].resize(5, axis=0)",
      "del f['x']; f.create_dataset('x', data=np.ones((10, 4), '>f4'), chunks=(2, 4), maxshape=(None, 4))",
      "del f['x']; f.create_dataset('x', data=np.ones((10, 8), 'f4'), chunks=(2, 8), maxshape=(None, 8))",
      "del f['x']; f.create_dataset('x', data=np.ones((10, 4), 'f4'), chunks=(5, 4), maxshape=(None, 4))",
    ])
  func changed(script: String) throws {
    let fixture = try Fixture("f.create_dataset('x', data=np.ones((10, 4), 'f4'), chunks=(2, 4), maxshape=(None, 4))")
    let source = try LogitSource(opening: [InputSpecification(file: fixture.path)])
    let plan = BlockPlan(source, targetByteCount: 32, mostByteCount: 1000)
    try fixture.change(script)
    #expect(throws: LogitStreamError.changed(file: fixture.path, dataset: "/x")) {
      var reader = BlockReader(SourceReaders(source))
      try reader.read(plan[0].slice) { _, _ in }
    }
  }

  @Test("A dataset that has grown is read as far as it was")
  func grown() throws {
    let fixture = try Fixture("f.create_dataset('x', data=np.ones((10, 4), 'f4'), chunks=(2, 4), maxshape=(None, 4))")
    let source = try LogitSource(opening: [InputSpecification(file: fixture.path)])
    try fixture.change("f['x'].resize(12, axis=0); f['x'][10:] = 2")
    let plan = BlockPlan(source, targetByteCount: 1000, mostByteCount: 1000)
    var reader = BlockReader(SourceReaders(source))
    let count = try reader.read(plan[0].slice) { $0.bytes(of: $1).count }
    #expect(plan.count == 1 && count == 160)
  }

  @Test("Rows that can't be read are an error that names file, dataset and rows")
  func damaged() throws {
    let fixture = try Fixture(
      """
      save('x', np.random.default_rng(1).random((20, 30)), chunks=(10, 30), compression='gzip')
      damage('x')
      """)
    let source = try LogitSource(opening: [InputSpecification(file: fixture.path)])
    let plan = BlockPlan(source, targetByteCount: 1, mostByteCount: 10_000)
    var reader = BlockReader(SourceReaders(source))
    var message = ""
    do { try reader.read(plan[0].slice) { _, _ in } } catch { message = "\(error)" }
    #expect(message.hasPrefix("\(fixture.path):/x: rows 0..<10 are damaged: the chunk they are in can't be read: "))
    let second = try reader.read(plan[1].slice) { $0.bytes(of: $1) }
    let saved = try fixture.savedBytes("x")
    #expect(second == Array(saved.suffix(second.count)))
  }
}
