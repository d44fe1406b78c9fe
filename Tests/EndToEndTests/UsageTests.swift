import Foundation
import Testing

@Suite("The command line", .byTurns)
struct UsageTests {
  static let wrong: [[String]] = [
    ["build", "x.h5"],
    ["build", "-o", "out/x.logitree"],
    ["build", "x.h5", "-o", "out/x.logitree", "--threads", "0"],
    ["build", "x.h5", "-o", "out/x.logitree", "--threads", "-1"],
    ["build", "x.h5", "-o", "out/x.logitree", "--threads", "many"],
    ["build", "x.h5", "-o", "out/x.logitree", "--memory", "0"],
    ["build", "x.h5", "-o", "out/x.logitree", "--memory", "-1GiB"],
    ["build", "x.h5", "-o", "out/x.logitree", "--memory", "12parsecs"],
    ["build", "x.h5", "-o", "out/x.logitree", "--temperature", "0"],
    ["build", "x.h5", "-o", "out/x.logitree", "--temperature=-1"],
    ["build", "x.h5", "-o", "out/x.logitree", "--temperature", "nan"],
    ["build", "x.h5", "-o", "out/x.logitree", "--temperature", "inf"],
    ["build", "x.h5", "-o", "out/x.logitree", "--kind", "numbers"],
    ["build", "x.h5", "-o", "out/x.logitree", "--score", "median"],
    ["build", "x.h5", "-o", "out/x.logitree", "--on-invalid", "ignore"],
    ["build", "x.h5", "-o", "out/x.logitree", "--no-such-option"],
    ["export", "x.logitree"],
    ["export", "x.logitree", "--format", "png"],
    ["show"],
    ["no-such-command"],
    ["build", "-x.h5", "-o", "x.logitree"],
    ["-x.h5"],
  ]

  @Test("Wrong options are usage errors", arguments: wrong)
  func usage(arguments: [String]) async throws {
    try await Mistake(
      what: "", script: "save('x.h5', blobs(9, 3))", arguments: arguments, status: 64, says: ["Error:", "Usage:"]
    ).check()
  }

  /// Options that would change nothing, and why.
  static let useless: [(arguments: [String], says: String)] = [
    (
      ["export", "out.logitree", "--format", "svg", "--colour-by", "support"], "logitree support out.logitree finds it"
    ),
    (
      ["export", "out.logitree", "--format", "newick", "--support-as", "comment"],
      "logitree support out.logitree finds it"
    ),
    (["export", "out.logitree", "--format", "newick", "--support-as", "label"], "which out.logitree has not"),
    (["export", "out.logitree", "--format", "json", "--support-as", "none"], "--support-as is for --format newick"),
    (
      ["export", "out.logitree", "--format", "svg", "--height", "share", "--scale", "clusters"], "--scale and --height"
    ),
    (
      ["export", "out.logitree", "--format", "merges", "--height", "step"], "--height is for formats that have heights"
    ),
    (["show", "out.logitree", "--node", "#2", "--all"], "#2 is a cluster"),
    (["update", "out.logitree", "--dataset", "logits"], "--dataset is for new inputs"),
    (["update", "out.logitree", "--transposed"], "--transposed is for new inputs"),
    (
      ["build", "x.h5:/logits", "--dataset", "other", "-o", "y.logitree"],
      "--dataset is for inputs that name no dataset"
    ),
    (["build", "x.h5", "--seed", "3", "-o", "y.logitree"], "--seed goes with --support"),
    (["build", "x.h5", "--blocks", "b.npy", "-o", "y.logitree"], "--blocks goes with --support"),
  ]

  @Test("Options without effect are usage errors, which say why, and do nothing", arguments: useless.indices)
  func withoutEffect(index: Int) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(60, 5))")
    _ = try await workspace.build("x.h5")
    let before = try workspace.listing()
    let run = try await workspace.logitree(Self.useless[index].arguments)
    #expect(run.status == 64 && run.errors.contains(Self.useless[index].says), "\(run.errors)")
    #expect(try run.output.isEmpty && workspace.listing() == before)
  }

  @Test("A number below 0 is the value of the option before it, not an option")
  func negative() async throws {
    for (arguments, says) in [
      (["support", "x.logitree", "--replicates", "-1"], "--replicates must be from 1 to 1000000"),
      (["build", "x.h5", "-o", "y", "--threads", "-1"], "--threads must be from 1 to 1024"),
      (["build", "x.h5", "-o", "y", "--temperature", "-0.5"], "--temperature must be above 0"),
      (["support", "x.logitree", "--seed", "-3"], "The value '-3' is invalid"),
    ] {
      let run = try await Workspace().logitree(arguments)
      #expect(run.status == 64 && run.errors.contains(says), "\(run.errors)")
    }
  }

  @Test(
    "A mistyped command gets a suggestion",
    arguments: [
      ("biuld", "build"), ("exprot", "export"), ("insepct", "inspect"), ("shwo", "show"), ("cmopare", "compare"),
    ])
  func suggestion(typed: String, meant: String) async throws {
    let run = try await Workspace().logitree(typed, "x", "-o", "y")
    #expect(run.status == 64)
    #expect(run.errors.contains("There is no command '\(typed)'. Did you mean '\(meant)'?"), "\(run.errors)")
  }

  @Test("Rows are written as in Python, and as before", arguments: ["100:300", "100:", "100..<300"])
  func rows(range: String) async throws {
    let workspace = try await Workspace("x = blobs(300, 6); save('x.h5', x); save('part.h5', x[100:])")
    #expect(try await workspace.build("x.h5", "--rows", range) == workspace.build("part.h5"))
  }

  @Test("An extension that promises another format is told of")
  func extensions() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(100, 6))")
    _ = try await workspace.build("x.h5")
    for (format, name) in [
      ("svg", "x.png"), ("json", "x.csv"), ("linkage", "x.npz"), ("newick", "x.JSON"), ("affinity", "x.csv"),
    ] {
      let run = try await workspace.logitree("export", "out.logitree", "--format", format, "-o", name)
      #expect(run.status == 0 && run.errors.contains("warning: \(name): is written as"), "\(run.errors)")
    }
    for (format, name) in [
      ("svg", "x.svg"), ("json", "json"), ("linkage", "x.npy"), ("newick", "x.nwk"), ("html", "x.v2.HTM"),
      ("dot", "x.txt"),
    ] {
      let run = try await workspace.logitree("export", "out.logitree", "--format", format, "-o", name)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    }
  }

  @Test("Too little memory is one too, and says how much it takes")
  func memory() async throws {
    try await Mistake.build(
      "", "save('x.h5', blobs(9, 3))", "x.h5", "--memory", "1KiB", status: 64, says: "3 clusters", "MiB", "1.0 KiB"
    ).check()
  }

  @Test("Help and version are data: on standard output, with success", arguments: ["--help", "--version"])
  func help(flag: String) async throws {
    let run = try await Workspace().logitree(flag)
    #expect(run.status == 0)
    #expect(!run.output.isEmpty)
    #expect(run.errors.isEmpty)
  }

  @Test("Inspect shows who gets what of the memory, and the parts of no phase exceed it", arguments: [64, 128, 1024])
  func memoryPlan(mebibytes: Int) async throws {
    struct Record: Decodable {
      struct Phase: Decodable {
        let phase: String
        let parts: [String: Int]
      }
      let memoryPlan: [Phase]

      enum CodingKeys: String, CodingKey { case memoryPlan = "memory_plan" }
    }
    let workspace = try await Workspace(#"save("x.h5", blobs(2000, 30))"#)
    let arguments = ["inspect", "x.h5", "--memory", "\(mebibytes)MiB"]
    let records = try await JSONDecoder().decode([Record].self, from: workspace.succeed(arguments + ["--json"]))
    let phases = try #require(records.first).memoryPlan
    #expect(phases.map(\.phase) == ["scan", "merge", "sweep"])
    for phase in phases { #expect(phase.parts.values.reduce(0, +) <= mebibytes << 20) }
    let text = String(decoding: try await workspace.succeed(arguments), as: UTF8.self)
    #expect(text.contains("iB, scan takes at most ") && text.contains(": program 34.0 MiB, clusters 30.0 KiB"))
    let tooLittle = try await workspace.logitree("inspect", "x.h5", "--memory", "20MiB")
    #expect(tooLittle.status == 0 && tooLittle.outputText.contains("--memory gives 20.0 MiB"))
  }

  @Test("Inspect says of each dataset what it is, and whether it can be built")
  func inspect() async throws {
    let workspace = try await Workspace(
      """
      save("x.h5", blobs(2000, 30), chunks=(100, 30), compression="gzip", shuffle=True)
      save("x.h5", blobs(10, 4).astype("f8"), "old/logits")
      save("x.h5", np.arange(2000), "labels")
      save("x.h5", np.zeros((9, 3), "i2"), "counts")
      save("x.h5", np.zeros((0, 3)), "none")
      save("x.h5", np.array(["a", "b"], dtype=h5py.string_dtype()), "classes")
      """)
    let run = try await workspace.logitree("inspect", "x.h5")
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    // A dataset's lines: its path, then what is said of it.
    var told: [String: String] = [:]
    var path = ""
    for line in run.outputText.split(separator: "\n").map(String.init) {
      if line.hasPrefix("/") { path = line } else { told[path, default: ""] += line + "\n" }
    }
    #expect(told.keys.sorted() == ["/classes", "/counts", "/labels", "/logits", "/none", "/old/logits"])
    let expected = [
      "/logits": [
        "2,000 × 30", "float32", "gzip", "shuffle", "can be built: 2,000 samples × 30 clusters", "of memory",
      ],
      "/old/logits": ["10 × 4", "float64", "can be built: 10 samples × 4 clusters"],
      "/labels": ["2,000", "int64", "could be the samples' labels: --labels x.h5:/labels"],
      "/counts": ["9 × 3", "int16", "can't be built"],
      "/none": ["0 × 3", "can't be built", "no rows"],
      "/classes": ["string", "can't be built"],
    ]
    for (path, words) in expected {
      for word in words { #expect(told[path]?.contains(word) == true, "\(path): \(told[path] ?? "")") }
    }

    let one = try await workspace.succeed("inspect", "x.h5:/old/logits")
    #expect(String(decoding: one, as: UTF8.self).contains("/old/logits\n"))
    #expect(!String(decoding: one, as: UTF8.self).contains("/labels"))
    #expect(try await workspace.logitree("inspect", "no.h5").status == 66)
    #expect(try await workspace.logitree("inspect", "x.h5:/no").status == 66)
  }
}
