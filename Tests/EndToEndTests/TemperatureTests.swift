import Foundation
import Testing

@Suite("A temperature is fitted to labels", .byTurns)
struct TemperatureTests {
  private static let data = """
    x = blobs(4000, 30)
    random = np.random.default_rng(3)
    p = np.exp((x - x.max(1, keepdims=True)) / 1.7); p /= p.sum(1, keepdims=True)
    labels = (p.cumsum(1) > random.random((4000, 1))).argmax(1)

    """

  /// Fits a temperature, and returns the part of the figures that tells of it; they are in `found.json` too.
  @discardableResult
  private func fit(
    _ workspace: Workspace, _ arguments: [String] = [], labels: String = "labels.npy",
    environment: [String: String] = [:]
  ) async throws -> Data {
    let run = try await workspace.logitree(
      ["evaluate", "out.logitree", "--labels", labels, "--fit-temperature", "--json"] + arguments,
      environment: environment)
    guard run.status == 0 else { throw Workspace.Failure(description: run.errors) }
    try workspace.write(run.output, to: "found.json")
    return run.output
  }

  @Test(
    "It is SciPy's, and so are likelihoods and calibration errors, for each type and kind of numbers",
    arguments: [
      ("f4", "logits", "1"), ("f2", "logits", "2.5"), ("f8", "logits", "0.4"), ("f4", "probabilities", "1"),
      ("f8", "log-probabilities", "1"),
    ])
  func scipy(type: String, kind: String, temperature: String) async throws {
    let workspace = try await Workspace(
      Self.data
        + """
        if "\(kind)" != "logits":
            x = (x - x.max(1, keepdims=True)).astype(float); x -= np.log(np.exp(x).sum(1, keepdims=True))
        if "\(kind)" == "probabilities": x = np.exp(x)
        x = x.astype("\(type)")
        labels[random.integers(0, 4000, 200)] = -1
        save("x.h5", x); np.save("labels.npy", labels)
        """)
    _ = try await workspace.build(["x.h5", "--kind", kind, "--temperature", temperature])
    try await fit(workspace)
    try await workspace.python(
      """
      import calibration, oracle
      with h5py.File("x.h5") as f: x = oracle.as_logits(f["logits"][:].astype(float), "\(kind)")
      labels = np.load("labels.npy"); known = labels >= 0
      found = json.load(open("found.json"))["temperature_fit"]
      problem = calibration.check_temperature(found, x[known], labels[known], \(temperature))
      assert problem is None, problem
      """)
  }

  @Test("By each kernel, number of threads, memory, and split of the rows into inputs")
  func sameness() async throws {
    let workspace = try await Workspace(
      Self.data
        + "save('x.h5', x); save('a.h5', x[:1500]); save('b.h5', x[1500:], chunks=(33, 7)); np.save('labels.npy', labels)"
    )
    _ = try await workspace.build("x.h5")
    let expected = try await fit(workspace)
    for kernel in ["baseline", "v3", "v4"] {
      #expect(try await fit(workspace, environment: ["LOGITREE_KERNEL": kernel]) == expected, "\(kernel)")
    }
    #expect(try await fit(workspace, ["--threads", "5", "--memory", "64MiB"]) == expected)
    _ = try await workspace.build(["a.h5", "b.h5"])
    #expect(try await fit(workspace, ["--threads", "1"]) == expected)
  }

  @Test("Temperature and confidence are the same to the bit by each kernel for each type and kind of numbers")
  func kernels() async throws {
    let workspace = try await Workspace(
      KernelTests.data
        + """

        labels = np.where(rng.random(9001) < 0.7, x.argmax(1), rng.integers(0, 150, 9001))
        np.save("labels.npy", labels); np.save("labels-few.npy", np.where(labels < 5, labels, x[:, :5].argmax(1)))
        """)
    for (name, options) in [
      ("typical", []), ("tied", []), ("holes", []), ("confident", []), ("few", []),
      ("double", ["--temperature", "0.6"]),
      ("half", ["--temperature", "1.7"]), ("probabilities", ["--kind", "probabilities"]),
    ] {
      _ = try await workspace.build(["\(name).h5"] + options)
      let labels = name == "few" ? "labels-few.npy" : "labels.npy"
      var results: [[Data]] = []
      for kernel in ["baseline", "v3", "v4"] {
        let environment = ["LOGITREE_KERNEL": kernel]
        let fitted = try await fit(workspace, labels: labels, environment: environment)
        let run = try await workspace.logitree(
          [
            "assign", "out.logitree", "\(name).h5", "--accuracy", "0.65", "--labels", labels, "-o", "nodes.h5",
            "--quiet",
          ], environment: environment)
        try #require(run.status == 0, "\(name), \(kernel): \(run.errors)")
        results.append([fitted, try Data(contentsOf: workspace.url.appending(path: "nodes.h5"))])
      }
      #expect(results[1] == results[0] && results[2] == results[0], "\(name)")
    }
  }

  @Test("Rows left out, chosen or appended make no difference but by their absence; impossible labels are told")
  func rows() async throws {
    let workspace = try await Workspace(
      Self.data
        + """
        save("some.h5", x[500:1500]); np.save("some.npy", labels[500:1500]); np.save("labels.npy", labels)
        x[3, 5] = np.nan; x[10, labels[10]] = -np.inf; save("x.h5", x)
        with h5py.File("grows.h5", "w") as f: f.create_dataset("logits", data=x[500:1500], maxshape=(None, 30), chunks=(64, 30))
        """)
    _ = try await workspace.build("some.h5")
    let expected = try await fit(workspace, labels: "some.npy")
    _ = try await workspace.build(["x.h5", "--rows", "500:1500"])
    for labels in ["some.npy", "labels.npy"] {
      let found = try await fit(workspace, labels: labels)
      #expect(try fitted(found) == fitted(expected), "\(labels)")
    }
    _ = try await workspace.build("grows.h5")
    try await workspace.python(
      "with h5py.File('grows.h5', 'a') as f: f['logits'].resize(1200, 0); f['logits'][1000:] = 1")
    #expect(try fitted(await fit(workspace, labels: "some.npy")) == fitted(expected))

    _ = try await workspace.build(["x.h5", "--on-invalid", "skip"])
    let found = try fitted(await fit(workspace))
    #expect(found["rows"] as? Int == 3998 && found["impossible_rows"] as? Int == 1)
    let text = try await workspace.logitree(
      "evaluate", "out.logitree", "--labels", "labels.npy", "--fit-temperature"
    ).outputText
    #expect(text.contains("1 row left out whose label has probability 0"), "\(text)")
  }

  private func fitted(_ output: Data) throws -> NSDictionary {
    try #require(jsonObject(output)["temperature_fit"] as? NSDictionary)
  }

  @Test("The command that is printed builds with it, and then nothing is left to fit")
  func command() async throws {
    let workspace = try await Workspace(
      Self.data + """

        os.mkdir("it's a $HOME")
        save("it's a $HOME/x y.h5", x); np.save("labels.npy", labels)
        open("names.txt", "w").write("".join(f"'{i}' & co\\n" for i in range(x.shape[1])))
        """)
    _ = try await workspace.build(["it's a $HOME/x y.h5", "--score", "mean", "--names", "names.txt"])
    let text = try await workspace.logitree(
      "evaluate", "out.logitree", "--labels", "labels.npy", "--fit-temperature"
    ).outputText
    let command = try #require(text.split(separator: "\n").last { $0.hasPrefix("  logitree build ") })
    // As it is, by a shell.
    try workspace.write("logitree() { \(try Package.binary()) \"$@\"; }\n\(command)\n", to: "command.sh")
    try await workspace.python(
      "import subprocess; subprocess.run(['bash', 'command.sh'], check=True, capture_output=True)")
    let built = try #require(try workspace.listing().first { $0.hasPrefix("out-T") && $0.hasSuffix(".logitree") })
    let (old, new) = ("out.logitree", String(built))
    let names = try await workspace.succeed("export", new, "--format", "json")
    #expect(String(decoding: names, as: UTF8.self).contains("'29' & co"))
    try FileManager.default.removeItem(atPath: workspace.path(old))
    try FileManager.default.moveItem(atPath: workspace.path(new), toPath: workspace.path(old))
    let found = try fitted(await fit(workspace))
    let (before, after) = (found["start_temperature"] as? Double ?? 0, found["temperature"] as? Double ?? 1)
    #expect(abs(before / after - 1) < 1e-5 && found["passes"] as? Int ?? 9 <= 2, "\(found)")
  }

  @Test("Where there is none, or rows are no longer there, an error says so")
  func errors() async throws {
    let workspace = try await Workspace(
      Self.data
        + "save('x.h5', x); np.save('right.npy', x.argmax(1)); np.save('worst.npy', x.argmin(1)); np.save('labels.npy', labels)"
    )
    _ = try await workspace.build("x.h5")
    func run(_ labels: String) async throws -> (Int32, String) {
      let run = try await workspace.logitree("evaluate", "out.logitree", "--labels", labels, "--fit-temperature")
      #expect(run.output.isEmpty)
      return (run.status, run.errors)
    }
    let right = try await run("right.npy")
    #expect(
      right.0 == 65 && right.1.contains("likelier without end as the temperature goes to 0: 4000 of 4000"), "\(right)")
    let worst = try await run("worst.npy")
    #expect(worst.0 == 65 && worst.1.contains("no likelier at any temperature than by chance"), "\(worst)")
    try await workspace.python("with h5py.File('x.h5', 'a') as f: f['logits'][:] += 1")
    let changed = try await run("labels.npy")
    #expect(changed.0 == 65 && changed.1.contains("its rows are not those the store was built from"), "\(changed)")
    try await workspace.python("os.remove('x.h5')")
    let gone = try await run("labels.npy")
    #expect(gone.0 == 66 && gone.1.contains("x.h5: no such file"), "\(gone)")
  }
}
