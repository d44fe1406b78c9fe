import Foundation
import Testing

@Suite("A file that another process is writing", .byTurns)
struct GrowingFileTests {
  /// Starts a writer in SWMR mode that appends rows, and says so, whenever it gets a line.
  private static let writer = """
    with h5py.File("growing.h5", "w", libver=("v110", "v110")) as f:
        data = f.create_dataset("logits", (0, 12), maxshape=(None, 12), chunks=(64, 12), dtype="f4")
        f.swmr_mode = True
        rows = blobs(3000, 12)
        for first in range(0, 3000, 500):
            # Half of what the dataset has grown by is there, in the middle of a chunk, when it is first read.
            data.resize(first + 500, 0)
            data[first:first + 250] = rows[first:first + 250]
            data.flush()
            run(first == 0)
            data[first + 250:first + 500] = rows[first + 250:first + 500]
            data.flush()
            run(False)
    """

  @Test("Its complete rows are taken in, update by update, and in the end the result is that of the whole")
  func growing() async throws {
    let workspace = try await Workspace("save('whole.h5', blobs(3000, 12))")
    let log = try await workspace.python(
      """
      import subprocess
      seen = []
      def run(first):
          command = ["build", "growing.h5", "-o", "out.logitree"] if first else ["update", "out.logitree"]
          done = subprocess.run(["\(try Package.binary())", *command, "--json", "--quiet"], capture_output=True, text=True)
          assert done.returncode == 0, done.stderr
          seen.append(json.loads(done.stdout)["rows"])

      """ + Self.writer + "\nprint(json.dumps(seen))")
    let rows = try JSONDecoder().decode([Int].self, from: Data(log.utf8))
    #expect(rows == (1...12).map { 250 * $0 })
    let expected = try await workspace.build(["whole.h5"], to: "whole.logitree")
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == expected)
  }
}
