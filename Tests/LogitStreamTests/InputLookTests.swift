import Foundation
import LogitStream
import TestSupport
import Testing

@Suite("Whether an input has changed since it was looked at")
struct InputLookTests {
  /// A file, or another that the rows of its dataset are in, and what is done to that.
  struct Change: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var layout = "f['x'] = x"
    /// `path` is the file's, `other` that of another file beside it.
    let change: String
    var isSeen = true
  }

  @Test(
    "A change of its files shows, whatever its kind",
    arguments: [
      Change(testDescription: "nothing", change: "pass", isSeen: false),
      Change(testDescription: "a file beside it", change: "open(other, 'w').write('x')", isSeen: false),
      Change(testDescription: "read", change: "open(path, 'rb').read()", isSeen: false),
      Change(testDescription: "touched", change: "os.utime(path)"),
      Change(testDescription: "one byte", change: "f = open(path, 'r+b'); f.seek(-5, 2); f.write(b'x'); f.close()"),
      Change(testDescription: "longer", change: "f = open(path, 'ab'); f.write(b'x'); f.close()"),
      Change(testDescription: "shorter", change: "os.truncate(path, os.path.getsize(path) - 1)"),
      Change(testDescription: "replaced by the same", change: "shutil.copy2(path, other); os.rename(other, path)"),
      Change(testDescription: "gone", change: "os.remove(path)"),
      Change(
        testDescription: "data in an external file",
        layout: "f.create_dataset('x', (100, 4), 'f4', external=[(other, 0, 1600)])[...] = x", change: "os.utime(other)"
      ),
      Change(
        testDescription: "a link to another file",
        layout: "h5py.File(other, 'w')['x'] = x; f['x'] = h5py.ExternalLink(other, '/x')", change: "os.utime(other)"),
      Change(
        testDescription: "a source of a virtual dataset",
        layout: """
          h5py.File(other, 'w')['x'] = x
          l = h5py.VirtualLayout((100, 4), 'f4'); l[...] = h5py.VirtualSource(other, 'x', (100, 4))
          f.create_virtual_dataset('x', l)
          """, change: "os.utime(other)"),
    ])
  func changed(_ change: Change) throws {
    let fixture = try Fixture(
      """
      other = sys.argv[1] + ".other"
      x = np.random.default_rng(1).normal(size=(100, 4)).astype("f4")
      \(change.layout)
      """)
    // So that the time of the next change is another, however coarse the clock.
    try fixture.script("import time; time.sleep(0.01)")
    let look = try InputLook(at: LogitInput(opening: InputSpecification(file: fixture.path, dataset: "/x")))
    try look.check()
    try fixture.script("import os, shutil; path = sys.argv[1]; other = path + '.other'; \(change.change)")
    let expected = LogitStreamError.changed(file: fixture.path, dataset: "/x")
    if change.isSeen {
      #expect(throws: expected) { try look.check() }
    } else {
      try look.checkRows()
    }
  }

  @Test("A member of a family of files that changes shows")
  func family() throws {
    let directory = try TemporaryDirectory()
    let fixture = try Fixture(
      """
      family = h5py.File("\(directory.path("x-%d.h5"))", "w", driver="family", memb_size=4096)
      family["x"] = np.random.default_rng(1).normal(size=(1000, 4))
      family.close()
      """)
    let look = try InputLook(at: LogitInput(opening: InputSpecification(file: directory.path("x-%d.h5"))))
    try look.checkRows()
    try fixture.script("import os; os.utime('\(directory.path("x-3.h5"))')")
    #expect(throws: LogitStreamError.changed(file: directory.path("x-%d.h5"), dataset: "/x")) { try look.check() }
  }

  @Test("Rows that a writer appends are no change; one that changes what was there is")
  func growing() throws {
    let fixture = try Fixture("pass")
    try fixture.script(
      """
      f = h5py.File(sys.argv[1] + ".swmr", "w", libver=("v110", "v110"))
      d = f.create_dataset("x", (64, 4), "f4", maxshape=(None, 4), chunks=(64, 4))
      d[...] = np.random.default_rng(1).normal(size=(64, 4))
      f.swmr_mode = True
      d.flush()
      # Ended so, it leaves the file as a writer has it that is at work.
      import os
      os._exit(0)
      """)
    let path = fixture.path + ".swmr"
    let look = try InputLook(at: LogitInput(opening: InputSpecification(file: path, dataset: "/x")))
    try fixture.script("f = open(sys.argv[1] + '.swmr', 'ab'); f.write(bytes(1000)); f.close()")
    try look.checkRows()
    try fixture.script(
      """
      name = sys.argv[1] + ".swmr"
      b = bytearray(open(name, "rb").read())
      rows = np.random.default_rng(1).normal(size=(64, 4)).astype("f4").tobytes()
      at = b.index(rows)
      b[at:at + 512] = bytes(range(1, 129)) * 4
      f = open(name, "r+b"); f.write(b); f.close()
      """)
    #expect(throws: LogitStreamError.changed(file: path, dataset: "/x")) { try look.check() }
  }
}
