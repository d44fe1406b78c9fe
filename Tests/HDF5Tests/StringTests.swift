import HDF5
import TestSupport
import Testing

@Suite("Strings")
struct StringTests {
  @Test(
    "Strings are read whatever their length, padding and encoding",
    arguments: [
      ("f['x'] = ['cat', 'Käfer', '']", ["cat", "Käfer", ""]),
      ("f['x'] = np.array([b'cat', b'beetle', b''])", ["cat", "beetle", ""]),
      (
        "f.create_dataset('x', data=[b'cat', 'Käfer'.encode()], dtype=h5py.string_dtype('utf-8', 8), compression='gzip')",
        ["cat", "Käfer"]
      ),
      ("f.create_dataset('x', (2,), dtype=h5py.string_dtype())", ["", ""]),
      ("f.create_dataset('x', (0,), dtype=h5py.string_dtype())", []),
      (
        """
        padded = h5py.h5t.C_S1.copy()
        padded.set_size(5)
        padded.set_strpad(h5py.h5t.STR_SPACEPAD)
        space = h5py.h5s.create_simple((2,))
        h5py.h5d.create(f.id, b"x", padded, space).write(space, space, np.array([b"a b  ", b"     "]), padded)
        """,
        ["a b", ""]
      ),
      // Only the zeros at the end are padding.
      ("f['x'] = np.array([b'a\\0b', b'a\\0c', b'a'])", ["a\0b", "a\0c", "a"]),
      (
        """
        ended = h5py.h5t.C_S1.copy()
        ended.set_size(4)
        ended.set_strpad(h5py.h5t.STR_NULLTERM)
        space = h5py.h5s.create_simple((2,))
        h5py.h5d.create(f.id, b"x", ended, space).write(space, space, np.array([b"a\\0b", b"abc"], "S4"), ended)
        """,
        ["a", "abc"]
      ),
    ] as [(String, [String])])
  func strings(script: String, strings: [String]) throws {
    let found = try Fixture(script).open().dataset("/x").readStrings()
    #expect(found == strings)
  }

  @Test(
    "What is not a list of strings is refused with the reason",
    arguments: [
      ("f['x'] = np.zeros(3, 'f4')", "elements are of type float32"),
      ("f['x'] = [['a'], ['b']]", "one dimension is needed, the shape is [2, 1]"),
      ("f['x'] = 'a'", "one dimension is needed, the shape is []"),
      ("f['x'] = np.array([b'fine', b'K\\xe4fer'])", "string 1 is not valid UTF-8"),
      ("f.create_dataset('x', data=[b'K\\xe4fer'], dtype=h5py.string_dtype())", "string 0 is not valid UTF-8"),
    ])
  func refusals(script: String, message: String) throws {
    let fixture = try Fixture(script)
    let error = #expect(throws: HDF5Error.self) { _ = try fixture.open().dataset("/x").readStrings() }
    #expect(error == HDF5Error(operation: "read strings", file: fixture.path, object: "/x", message: message))
  }
}
