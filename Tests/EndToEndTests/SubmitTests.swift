import Foundation
import TestSupport
import Testing

/// Where logitree-submit submits jobs to, without Slurm: they run at once.
private struct Submissions {
  let workspace: Workspace

  init(_ script: String) async throws {
    workspace = try await Workspace(script)
    try await workspace.python(
      """
      os.mkdir("bin")
      for name in ["sbatch", "scontrol", "scancel", "squeue"]:
          os.symlink("\(Package.path("Tests/Slurm/sbatch"))", f"bin/{name}")
      """)
  }

  private func run(_ program: String, _ arguments: [String], _ environment: [String: String] = [:]) async throws
    -> Finished
  {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let own = ["PATH": "\(workspace.path("bin")):\(path)", "LOGITREE": try Package.binary()]
    return try await Command.run(
      Package.path("tools/slurm/\(program)"), arguments, in: workspace.url,
      environment: own.merging(environment) { $1 }
    )
  }

  func submit(_ arguments: [String], environment: [String: String] = [:]) async throws -> Finished {
    try await run("logitree-submit", arguments, environment)
  }

  func submit(_ arguments: String...) async throws -> Finished { try await submit(arguments) }

  /// The commands that are printed for some arguments.
  func commands(_ arguments: [String], environment: [String: String] = [:]) async throws -> [String] {
    let finished = try await run("logitree-submit", arguments + ["--dry-run"], environment)
    #expect(finished.status == 0, "\(finished.errors)")
    return finished.outputText.split(separator: "\n").map(String.init)
  }

  func commands(_ arguments: String...) async throws -> [String] { try await commands(arguments) }

  func job(_ arguments: String..., environment: [String: String] = [:]) async throws -> Finished {
    try await run("logitree-job", arguments, environment)
  }

  /// The exit codes of the jobs, in order.
  func codes() throws -> [Substring] { try workspace.text("codes").split(separator: "\n") }

  /// A program that says of any input that it is so large, as inspect does.
  func pretending(rows: Int, clusters: Int, itemBytes: Int = 2) async throws -> [String: String] {
    try await workspace.python(
      """
      facts = {"byte_count": \(rows * clusters * itemBytes), "clusters": \(clusters), "memory_byte_count": 72 << 20,
               "samples": \(rows), "type": "float\(8 * itemBytes)"}
      with open("inspect", "w") as f:
          f.write("#!/bin/sh\\necho '" + json.dumps([facts], indent=2).replace('": ', '" : ') + "'\\n")
      os.chmod("inspect", 0o755)
      """)
    return ["LOGITREE": workspace.path("inspect")]
  }

  /// The minutes that a command asks for.
  static func minutes(_ command: String) throws -> Int {
    try #require(command.firstMatch(of: /--time=([0-9]+)/).flatMap { Int($0.1) })
  }
}

@Suite("logitree-submit", .byTurns)
struct SubmitTests {
  /// Logits that take several rounds with sketches of one logit.
  private static let data = "save('x.h5', blobs(6_000, 120), chunks=(100, 120))"

  @Test(
    "The last job fails if the rounds were not enough, and no job that waits for it runs; submitted again, it goes on")
  func rounds() async throws {
    let submissions = try await Submissions(Self.data)
    let workspace = submissions.workspace
    let arguments = ["x.h5", "--sketch-width=1", "-oshared.logitree", "--shards=3"]
    let first = try await submissions.submit(arguments + ["--rounds", "1"])
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.outputText.hasSuffix("sweep-1: job 3\ncombine-1: job 4\n"), "\(first.outputText)")
    #expect(try submissions.codes() == ["0", "0", "0", "66"])
    let log = try workspace.text("log")
    #expect(log.contains(/error: shared.logitree: exact evidence of [0-9]+ groups is needed/), "\(log)")
    #expect(log.contains("logitree-submit, run again as it was"), "\(log)")
    // It would not help to run the job again at once.
    #expect(try !workspace.text("calls").contains("scontrol"))

    _ = try await submissions.submit(arguments + ["--after", "4"])
    #expect(try Set(submissions.codes().dropFirst(4)) == ["never"])
    let again = try await submissions.submit(arguments + ["--rounds=20"])
    #expect(again.outputText.contains("combine-20: job"), "\(again.errors)")
    #expect(Set(try submissions.codes().suffix(42)) == ["0"])
    #expect(
      try await workspace.succeed("export", "shared.logitree", "--format", "merges")
        == workspace.build("x.h5", "--sketch-width=1"))
  }

  @Test("Of combine, too, only --require-complete makes an error of what is pending, with --quiet as well")
  func requireComplete() async throws {
    let workspace = try await Workspace(Self.data)
    try await workspace.succeed("scan", "x.h5", "--sketch-width", "1", "--shard", "1/1", "-o", "shards")
    let combine = ["combine", "shards", "-o", "shared.logitree", "--quiet"]
    #expect(try await workspace.logitree(combine).errors.isEmpty)
    let refused = try await workspace.logitree(combine + ["--require-complete"])
    #expect(refused.status == 66 && refused.output.isEmpty)
    #expect(refused.errors.contains("run logitree sweep for each share"), "\(refused.errors)")
  }

  @Test("More rounds where they are known to be needed", arguments: [([], 3), (["--score", "mean"], 10)])
  func defaultRounds(options: [String], rounds: Int) async throws {
    let submissions = try await Submissions(Self.data)
    let isMean = !options.isEmpty
    for (width, rounds) in [
      ("32", rounds), ("10", isMean ? 20 : rounds), ("0", isMean ? 20 : 10), ("4", isMean ? 20 : rounds),
      ("1", isMean ? 20 : 5),
    ] {
      let commands = try await submissions.commands(["x.h5", "-o", "s", "--sketch-width", width] + options)
      #expect(commands.count == 3 + 2 * rounds)
      #expect(commands.last?.hasPrefix("combine_\(rounds)=") == true)
      #expect(commands.filter { $0.contains("--require-complete") } == commands.suffix(1))
    }
  }

  @Test("The commands that are printed are a script that does the same")
  func dryRun() async throws {
    let submissions = try await Submissions(Self.data)
    let commands = try await submissions.commands("x.h5", "-o", "my store", "--shards", "2", "--rounds", "1")
    #expect(commands.count == 5)
    #expect(
      commands[2].contains("--dependency=afterok:$scan ") && commands[4].contains("--dependency=afterok:$sweep_1 "))
    let path = "\(submissions.workspace.path("bin")):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
    let run = try await Command.run(
      "/usr/bin/env", ["bash", "-euc", commands.joined(separator: "\n")], in: submissions.workspace.url,
      environment: ["PATH": path]
    )
    #expect(run.status == 0, "\(run.errors)")
    #expect(try submissions.codes() == ["0", "0", "0", "0"])
    #expect(try await submissions.workspace.logitree("show", "my store").status == 0)
  }

  @Test("A job that combines has the time to read all sketches, and is never given less than a share of the scan")
  func times() async throws {
    let submissions = try await Submissions(Self.data)
    let small = try await submissions.commands("x.h5", "-o", "s")
    #expect(try Set(small.dropFirst().map(Submissions.minutes)) == [10])
    let large = try await submissions.commands(
      ["x.h5", "-o", "s"], environment: submissions.pretending(rows: 1_000_000_000, clusters: 1000))
    // 2 TB in 117 shards; 198 GB of sketches, five times.
    #expect(try Submissions.minutes(large[1]) == 15 && Submissions.minutes(large[3]) == 15)
    #expect(try Submissions.minutes(large[2]) == 175 && Submissions.minutes(large[8]) == 175)
    let none = try await submissions.commands(
      ["x.h5", "-o", "s", "--shards=1", "--sketch-width=0"],
      environment: submissions.pretending(rows: 10_000_000, clusters: 1000))
    #expect(try Submissions.minutes(none[1]) == 16 && Submissions.minutes(none[2]) == 16)
  }

  @Test("An input that can't be read ends it, wherever it is named, and nothing is submitted")
  func inputs() async throws {
    let submissions = try await Submissions(Self.data)
    for inputs in [["nosuch.h5", "x.h5"], ["x.h5", "nosuch.h5"]] {
      let refused = try await submissions.submit(inputs + ["-o", "s"])
      #expect(refused.status == 66 && refused.errors.contains("nosuch.h5: no such file"), "\(refused.errors)")
      #expect(refused.output.isEmpty)
      // The job that is waited for may write it.
      let waiting = try await submissions.commands(inputs + ["-o", "s", "--after", "17"])
      #expect(!waiting[1].contains("--time") && waiting[1].contains("--dependency=afterok:17 "))
    }
    #expect(try !submissions.workspace.listing().contains { $0.hasPrefix("calls") })
  }

  @Test("Inputs that have grown to more shards don't meet the old ones")
  func grown() async throws {
    let submissions = try await Submissions(Self.data + "; save('y.h5', blobs(300, 120))")
    for (inputs, shards) in [(["x.h5"], "2"), (["x.h5", "y.h5"], "3")] {
      let submitted = try await submissions.submit(
        inputs + ["-o", "shared.logitree", "--shards", shards, "--rounds", "1"])
      #expect(submitted.status == 0, "\(submitted.errors)")
    }
    let log = try submissions.workspace.text("log")
    #expect(try Set(submissions.codes()) == ["0"], "\(log)")
  }

  @Test("If a job is refused, those before it are taken back")
  func refused() async throws {
    let submissions = try await Submissions(Self.data)
    let refused = try await submissions.submit(["x.h5", "-o", "s"], environment: ["SBATCH_LIMIT": "2"])
    #expect(refused.status == 1 && refused.errors.contains("nothing is submitted"), "\(refused.errors)")
    #expect(try submissions.workspace.text("calls").hasSuffix("scancel 1 2\n"))
  }

  @Test(
    "What the first job would refuse is refused before any is submitted",
    arguments: [
      (["--names", "nosuch.txt"], 66, "nosuch.txt"), (["--names=few.txt"], 65, "few.txt"),
      (["--kind", "probabilities"], 65, "x.h5:/logits: row 5900"), (["--temperature=0"], 64, "--temperature"),
      (["--memory", "1MiB"], 64, "--memory"), (["y.h5"], 65, "y.h5"), (["--rows", "7000:"], 64, "7000"),
    ])
  func refusedByScan(arguments: [String], status: Int32, says: String) async throws {
    let submissions = try await Submissions(
      Self.data + "; save('y.h5', blobs(10, 9)); open('few.txt', 'w').write('a\\nb\\n')")
    let refused = try await submissions.submit(["x.h5", "-o", "s"] + arguments)
    #expect(refused.status == status && refused.errors.contains(says), "\(refused.errors)")
    #expect(refused.errors.hasSuffix("logitree-submit: nothing is submitted\n") && refused.output.isEmpty)
    #expect(try !submissions.workspace.listing().contains { $0.hasPrefix("calls") })
  }

  /// Arguments that are refused, and what is said of them.
  private static let wrong: [([String], String)] = [
    (["--memory", "1.5GiB"], "1536MiB"), (["--memory", "2G"], "MiB or GiB"), (["--memory="], "--memory needs"),
    (["--shards=0"], "--shards"), (["--shards", "many"], "--shards"), (["--cpus", ""], "--cpus"),
    (["--rounds", "0"], "--rounds"), (["--after", ""], "--after"), (["--after", "job"], "--after"),
    (["--work"], "needs a value"), (["--verbose"], "unknown option --verbose"),
    (["--", "--dependency=afterok:1"], "use --after"), (["--", "--qos=low", "-d", "singleton"], "use --after"),
    (["--", "--array=1-3"], "use --shards"), (["--", "--test-only"], "--dry-run prints"),
  ]

  @Test("Wrong options are usage errors, which say what is right")
  func usage() async throws {
    let submissions = try await Submissions(Self.data)
    for (options, says) in Self.wrong {
      let finished = try await submissions.submit(["x.h5", "-o", "s", "--dry-run"] + options)
      #expect(finished.status == 64 && finished.errors.contains(says), "\(options): \(finished.errors)")
      #expect(finished.output.isEmpty)
    }
    #expect(try await submissions.commands("x.h5", "-os", "--memory=2GiB")[1].contains("--mem=2112M "))
  }

  @Test("A job that can't know its share is a usage error")
  func job() async throws {
    let submissions = try await Submissions(Self.data)
    #expect(try await submissions.job().status == 64)
    let unknown = try await submissions.job("build", "x.h5", "-o", "s")
    #expect(unknown.status == 64 && unknown.errors.contains("no such step: build"), "\(unknown.errors)")
    let absent = try await submissions.submit(["x.h5", "-o", "s"], environment: ["LOGITREE": "/no/logitree"])
    #expect(absent.status == 64 && absent.errors.contains("export LOGITREE="), "\(absent.errors)")
    let alone = try await submissions.job("scan", "x.h5", "-o", "shards", environment: ["LOGITREE_SHARDS": "2"])
    #expect(alone.status == 64 && alone.errors.contains("--array=1-N"), "\(alone.errors)")
    let uncounted = try await submissions.job("scan", "x.h5", "-o", "shards", environment: ["SLURM_ARRAY_TASK_ID": "2"])
    #expect(uncounted.status == 64 && uncounted.errors.contains("LOGITREE_SHARDS"), "\(uncounted.errors)")
  }

  @Test(
    "A job is queued again after what may pass, three times, unless it was cancelled",
    arguments: [
      ("exit 75", "RUNNING", 0, true), ("exit 75", "RUNNING", 2, true), ("exit 75", "RUNNING", 3, false),
      ("exit 75", "COMPLETING", 0, false), ("exit 74", "RUNNING", 0, true), ("exit 143", "RUNNING", 0, true),
      ("exit 0", "RUNNING", 0, false), ("exit 65", "RUNNING", 0, false), ("exit 66", "RUNNING", 0, false),
    ])
  func queuedAgain(end: String, state: String, restarts: Int, isQueuedAgain: Bool) async throws {
    let submissions = try await Submissions(
      """
      with open("program", "w") as f:
          f.write("#!/bin/sh\\n\(end)\\n")
      os.chmod("program", 0o755)
      """)
    let finished = try await submissions.job(
      "scan", "x.h5", "-o", "shards",
      environment: [
        "LOGITREE": submissions.workspace.path("program"), "LOGITREE_SHARDS": "4", "SLURM_ARRAY_JOB_ID": "7",
        "SLURM_ARRAY_TASK_ID": "2", "SLURM_RESTART_COUNT": "\(restarts)", "SQUEUE_STATE": state,
      ])
    let calls =
      try submissions.workspace.listing().contains { $0.hasPrefix("calls") }
      ? submissions.workspace.text("calls") : ""
    #expect(calls.contains("scontrol requeue 7_2") == isQueuedAgain, "\(calls)\(finished.errors)")
  }
}
