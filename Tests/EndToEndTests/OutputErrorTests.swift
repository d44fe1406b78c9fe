import Foundation
import Testing

@Suite("Outputs that can't be written", .byTurns)
struct OutputErrorTests {
  static let data = "save('x.h5', blobs(500, 300))\n"

  static let mistakes: [Mistake] = [
    Mistake(
      what: "a file is in the way", script: data + "open('taken', 'w').write('mine')",
      arguments: ["build", "x.h5", "-o", "taken"], status: 73, says: ["taken", "no store"]),
    Mistake(
      what: "a directory is in the way", script: data + "os.mkdir('taken'); open('taken/a', 'w').write('mine')",
      arguments: ["build", "x.h5", "-o", "taken"], status: 73, says: ["taken", "no store"]),
    Mistake(
      what: "an empty directory is in the way", script: data + "os.mkdir('taken')",
      arguments: ["build", "x.h5", "-o", "taken"], status: 73, says: ["taken", "no store"]),
    Mistake(
      what: "the directory is missing", script: data,
      arguments: ["build", "x.h5", "-o", "no/where/x.logitree"], status: 73, says: ["no/where/x.logitree"]),
    Mistake(
      what: "the directory is a file", script: data,
      arguments: ["build", "x.h5", "-o", "x.h5/x.logitree"], status: 73, says: ["x.h5/x.logitree"]),
  ]

  @Test("Nothing is touched, nothing left", arguments: mistakes)
  func refused(mistake: Mistake) async throws { try await mistake.check() }

  @Test("Exports into a missing directory, over a directory, or to a full device")
  func exports() async throws {
    let workspace = try await Workspace(Self.data + "os.mkdir('taken')")
    _ = try await workspace.build("x.h5")
    let before = try workspace.listing()
    for (output, status) in [("no/where.csv", 73), ("taken", 73), ("/dev/full", 74)] as [(String, Int32)] {
      let run = try await workspace.logitree("export", "out.logitree", "--format", "json", "-o", output)
      #expect(run.status == status)
      #expect(run.errors.contains("\(output): can't be "), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try workspace.listing() == before)
  }

  @Test(
    "A full disk ends the build with nothing left but what was finished",
    .enabled(if: SmallDisk.canBeMade, "mounting is not allowed here"))
  func fullDisk() async throws {
    let workspace = try await Workspace(Self.data + "os.mkdir('disk')")
    let disk = try SmallDisk(at: workspace.path("disk"))
    let run = try await workspace.logitree("build", "x.h5", "-o", "disk/x.logitree")
    #expect(run.status == 73 || run.status == 74)
    #expect(run.errors.contains("x.logitree") && run.errors.contains("No space left"), "\(run.errors)")
    #expect(run.output.isEmpty)
    let left = try FileManager.default.subpathsOfDirectory(atPath: disk.path)
    #expect(left.allSatisfy { !$0.contains("manifest.json") && !$0.contains(".tmp") }, "\(left)")
  }

  @Test(
    "A full disk leaves an earlier store and an earlier export as they were",
    .enabled(if: SmallDisk.canBeMade, "mounting is not allowed here"))
  func fullDiskWithStore() async throws {
    let workspace = try await Workspace(Self.data + "os.mkdir('disk'); save('small.h5', blobs(500, 5))")
    let disk = try SmallDisk(at: workspace.path("disk"))
    _ = try await workspace.build(["small.h5"], to: "disk/x.logitree")
    try await workspace.succeed("export", "disk/x.logitree", "--format", "json", "-o", "disk/x.json")
    _ = try await workspace.build("x.h5")
    let before = try workspace.listing().filter { $0.hasPrefix("disk/") }
    #expect(before.count == 5, "\(before)")
    #expect([73, 74].contains(try await workspace.logitree("build", "x.h5", "-o", "disk/x.logitree").status))
    let export = try await workspace.logitree("export", "out.logitree", "--format", "json", "-o", "disk/x.json")
    #expect([73, 74].contains(export.status))
    #expect(try workspace.listing().filter { $0.hasPrefix("disk/") } == before)
    withExtendedLifetime(disk) {}
  }
}
