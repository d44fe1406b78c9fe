import Foundation
import TestSupport
import Testing

@Suite("Errors of the system")
struct SystemErrorTests {
  /// Runs the program within a limit that the shell sets.
  private func run(_ arguments: [String], limit: String, in workspace: Workspace) async throws -> (Int32, String) {
    let binary = try Package.binary()
    let limit = "ulimit \(limit); exec \"$0\" \"$@\""
    let run = try await Command.run("/bin/sh", ["-c", limit, binary] + arguments, in: workspace.url)
    return (run.status, run.errors)
  }

  @Test("Whatever can't be opened for want of descriptors, through the HDF5 library or past it, exits with 74")
  func descriptors() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(500, 9), chunks=(50, 9))")
    try await workspace.succeed("build", "x.h5", "-o", "x.logitree")
    let commands = [["check", "x.logitree"], ["build", "x.h5", "-o", "y.logitree", "--quiet"]]
    for command in commands {
      var failures = 0
      // With 3 there is nothing but the standard streams, and the program itself may not start.
      for files in 4...12 {
        let (status, errors) = try await run(command, limit: "-n \(files)", in: workspace)
        guard status != 0 else { continue }
        failures += 1
        #expect(status == 74 && errors.contains("Too many open files"), "\(command), \(files): \(status) \(errors)")
        #expect(!errors.contains("damaged") && !errors.contains("remove"), "\(errors)")
      }
      #expect(failures >= 1, "\(command)")
    }
    #expect(try await workspace.logitree("check", "x.logitree").status == 0)
  }

  @Test("A file that gets larger than it may be is an output that can't be written")
  func fileSize() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(20000, 40))")
    try await workspace.succeed("build", "x.h5", "-o", "x.logitree")
    for command in [
      ["build", "x.h5", "-o", "y.logitree"], ["export", "x.logitree", "--format", "html", "-o", "x.html"],
      ["assign", "x.logitree", "x.h5", "-k", "5", "-o", "groups.h5"],
    ] {
      let (status, errors) = try await run(command, limit: "-f 16", in: workspace)
      #expect(status == 74 && errors.contains("File too large"), "\(command): \(status) \(errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: workspace.path("x.html")))
  }
}
