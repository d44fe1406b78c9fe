import Foundation
import Testing

@Suite("Evaluation by labels", .byTurns)
struct EvaluateTests {
  /// 3,000 rows of 20 clusters in two files, and labels that mostly are the argmax; NumPy's figures of a store.
  private static let data = """
    x = blobs(3000, 20)
    a = x.argmax(1)
    random = np.random.default_rng(5)
    labels = np.where(random.random(3000) < 0.3, random.integers(0, 20, 3000), a)
    labels[random.integers(0, 3000, 50)] = -1

    """
  private static let files = """
    save("all.h5", x); save("a.h5", x[:1300]); save("b.h5", x[1300:])
    save("all.h5", labels, "labels"); save("labels.h5", labels.astype("i2"), "of/rows", chunks=(128,), compression="gzip")
    np.save("labels.npy", labels)
    open("labels.txt", "w").write("".join(f"{l}\\n" for l in labels))
    names = np.array([f"Name {i}" for i in range(20)] + [""])
    open("names.txt", "w").write("\\n".join(names[:20]))
    open("named.csv", "w").write("id,label\\n" + "".join(f"{i},{n}\\n" for i, n in enumerate(names[labels])))
    """

  /// Whether what `evaluate --json` gave, in `found.json`, is what the oracle gives for `used` rows of all.
  private static func check(_ used: String = "slice(None)") -> String {
    """
    import evaluation
    found = json.load(open("found.json"))
    merges = [[m["lowest"], m["partner"]] for m in json.load(open("tree.json"))["merges"]]
    used = \(used)
    a, labels = a[used], labels[used]
    known = labels >= 0
    first = found["labellings"][0]
    assert first["labelled_rows"] == known.sum() and first["unlabelled_rows"] == (~known).sum()
    compact = np.unique(labels[known], return_inverse=True)[1]
    expected = evaluation.figures(merges, 20, a[known], compact)
    names = {"accuracy": "accuracy", "nmi": "normalized_mutual_information", "ari": "adjusted_rand_index",
             "leafPurity": "leaf_purity", "dendrogramPurity": "dendrogram_purity",
             "leastHierarchicalDistance": "least_hierarchical_distance"}
    for name, value in expected.items():
        np.testing.assert_allclose(first[names[name]], value, rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(first["top_accuracy"], (a == labels)[known].mean(), rtol=1e-12)
    """
  }

  private func evaluate(_ workspace: Workspace, _ labels: String, _ more: String...) async throws -> [String: Any] {
    try await workspace.succeed(["export", "out.logitree", "--format", "json", "-o", "tree.json"])
    try await workspace.succeed(["evaluate", "out.logitree", "--labels", labels, "--json", "-o", "found.json"] + more)
    return try jsonObject(Data(contentsOf: workspace.url.appending(path: "found.json")))
  }

  @Test("Every form of labels gives the oracle's figures")
  func forms() async throws {
    let workspace = try await Workspace(Self.data + Self.files)
    _ = try await workspace.build(["all.h5", "--names", "names.txt"])
    let expected = try await evaluate(workspace, "all.h5")
    try await workspace.python(Self.data + Self.check())
    for form in ["all.h5:/labels", "labels.h5:of/rows", "labels.npy", "labels.txt"] {
      #expect(try await evaluate(workspace, form) as NSDictionary == expected as NSDictionary, "\(form)")
    }
    // Names are in another order than numbers.
    _ = try await evaluate(workspace, "named.csv:label")
    try await workspace.python(Self.data + Self.check())
  }

  @Test(
    "Several inputs, small segments and no sketches make no difference",
    arguments: [["--memory", "40MiB"], ["--sketch-width", "0"], ["--sketch-width", "2"]])
  func inputs(options: [String]) async throws {
    let workspace = try await Workspace(Self.data + Self.files)
    _ = try await workspace.build(["a.h5", "b.h5"] + options)
    _ = try await evaluate(workspace, "labels.npy")
    try await workspace.python(Self.data + Self.check())
    try await workspace.succeed("check", "out.logitree")
  }

  @Test("A store that grew is evaluated by labels of all its rows, in the order of its inputs", arguments: ["0", "32"])
  func grown(sketchWidth: String) async throws {
    let workspace = try await Workspace(Self.data + Self.files)
    try await workspace.python(
      Self.data
        + """
        with h5py.File("grows.h5", "w") as f: f.create_dataset("logits", data=x[:500], maxshape=(None, 20), chunks=(64, 20))
        """)
    _ = try await workspace.build(["grows.h5", "--sketch-width", sketchWidth])
    try await workspace.succeed("update", "out.logitree", "b.h5", "--quiet")
    try await workspace.python(
      Self.data + "with h5py.File('grows.h5', 'a') as f: f['logits'].resize(1300, 0); f['logits'][500:] = x[500:1300]")
    try await workspace.succeed("update", "out.logitree", "--quiet")
    _ = try await evaluate(workspace, "labels.npy")
    try await workspace.python(Self.data + Self.check())
  }

  @Test("With --rows labels are of the rows taken, or of all", arguments: ["taken.npy", "labels.npy"])
  func chosenRows(labels: String) async throws {
    let workspace = try await Workspace(Self.data + Self.files + "\nnp.save('taken.npy', labels[700:2100])")
    _ = try await workspace.build(["a.h5", "b.h5", "--rows", "700..<2100"])
    _ = try await evaluate(workspace, labels)
    try await workspace.python(Self.data + Self.check("slice(700, 2100)"))
    let run = try await workspace.logitree("evaluate", "out.logitree", "--labels", "all.h5:/logits")
    #expect(run.status == 65 && run.errors.contains("float32"), "\(run.errors)")
  }

  @Test("Rows left out as invalid count for nothing, and are told", arguments: ["0", "32"])
  func skippedRows(sketchWidth: String) async throws {
    let workspace = try await Workspace(
      Self.data + "x[[5, 700, 2999], 3] = np.nan; save('bad.h5', x); np.save('labels.npy', labels)")
    _ = try await workspace.build(["bad.h5", "--on-invalid", "skip", "--sketch-width", sketchWidth])
    let found = try await evaluate(workspace, "labels.npy")
    #expect(found["skipped_rows"] as? Int == 3 && found["rows"] as? Int == 3000)
    try await workspace.python(Self.data + Self.check("np.setdiff1d(np.arange(3000), [5, 700, 2999])"))
    let text = try await workspace.logitree("evaluate", "out.logitree", "--labels", "labels.npy").outputText
    #expect(text.hasPrefix("out.logitree: 3,000 rows (3 left out as invalid), 20 clusters in the tree\n"))
  }

  @Test("The languages by their labels, branches and families, as scikit-learn, SciPy and Higra have them")
  func languages() async throws {
    let workspace = try Workspace()
    let examples = Package.path("docs/examples")
    try await workspace.succeed(
      "build", "\(examples)/languages.h5", "--names", "\(examples)/languages.txt", "-o", "out.logitree", "--quiet")
    let found = try await evaluate(
      workspace, "\(examples)/languages.h5:/labels", "--coarse", "\(examples)/language_families.csv")
    let labellings = try #require(found["labellings"] as? [[String: Any]])
    #expect(labellings.map { $0["name"] as? String } == ["labels", "branch", "family"])
    try await workspace.python(
      """
      import evaluation
      found = json.load(open("found.json"))
      merges = [[m["lowest"], m["partner"]] for m in json.load(open("tree.json"))["merges"]]
      with h5py.File("\(examples)/languages.h5") as f: a, labels = f["logits"][:].argmax(1), f["labels"][:]
      names = np.array(open("\(examples)/languages.txt").read().splitlines())
      table = {row["class"]: row for row in csv.DictReader(open("\(examples)/language_families.csv"))}
      for labelling, column in zip(found["labellings"], ["class", "branch", "family"]):
          texts = [table[names[label]][column] for label in labels]
          classes, numbers = np.unique(texts, return_inverse=True)
          assert labelling["labels"] == list(classes) or column == "class"
          expected = evaluation.figures(merges, len(names.tolist()), a, numbers)
          for name, mine in [("accuracy", "accuracy"), ("nmi", "normalized_mutual_information"),
                             ("ari", "adjusted_rand_index"), ("leafPurity", "leaf_purity"),
                             ("dendrogramPurity", "dendrogram_purity"),
                             ("leastHierarchicalDistance", "least_hierarchical_distance")]:
              np.testing.assert_allclose(labelling[mine], expected[name], rtol=1e-9, err_msg=column + " " + name)
          root = labelling["nodes"][-1]
          counts = np.bincount(numbers)
          assert root["rows"] == len(labels) and abs(root["purity"] - counts.max() / len(labels)) < 1e-12
      """)
  }

  @Test("The table names rows, figures and the least pure clusters")
  func table() async throws {
    let workspace = try await Workspace(Self.data + Self.files)
    _ = try await workspace.build(["all.h5", "--names", "names.txt"])
    try workspace.write("class,half\nName 0,x\nName 1,y\n", to: "coarse.csv")
    let run = try await workspace.logitree(
      "evaluate", "out.logitree", "--labels", "labels.npy", "--coarse", "coarse.csv", "-o", "figures.txt")
    #expect(run.status == 0 && run.outputText.isEmpty)
    #expect(run.errors.contains("warning: 18 labels are not in the table of coarser ones"), "\(run.errors)")
    let lines = try workspace.text("figures.txt").split(separator: "\n").map(String.init)
    let names = ["accuracy ", "NMI ", "ARI ", "leaf purity ", "dendrogram purity ", "least hierarchical distance "]
    for name in names { #expect(lines.contains { $0.hasPrefix(name) }) }
    #expect(lines.contains { $0.hasPrefix("least pure") })
    #expect(lines[1].split(separator: " ") == ["labels", "half"])
  }

  @Test("More than 2,000 labels are matched greedily, which is said; what is undefined is null")
  func greedy() async throws {
    let workspace = try await Workspace(Self.data + "save('x.h5', x); np.save('rows.npy', np.arange(3000))")
    _ = try await workspace.build("x.h5")
    let found = try await evaluate(workspace, "rows.npy")
    let first = try #require((found["labellings"] as? [[String: Any]])?.first)
    #expect(first["is_accuracy_optimal"] as? Bool == false)
    for name in ["top_accuracy", "dendrogram_purity", "least_hierarchical_distance"] {
      #expect(first[name] is NSNull, "\(name)")
    }
    let text = try await workspace.logitree("evaluate", "out.logitree", "--labels", "rows.npy").outputText
    #expect(text.contains("matched greedily") && text.contains("–"))
  }

  @Test(
    "What can't be evaluated is an error with a reason and a code",
    arguments: [
      (["--labels", "nothing.h5"], 66, "nothing.h5: no such file"),
      (["--labels", "all.h5:/nothing"], 66, "no dataset /nothing; it has /labels, /logits"),
      (["--labels", "short.npy"], 65, "has 2,999 labels, and the store was built from 3,000 rows"),
      (["--labels", "none.npy"], 65, "no row that is assigned to a cluster has a label"),
      (["--labels", "broken.npy"], 65, "ends early"),
      (["--labels", "damaged.h5"], 65, "damaged.h5:/labels: "),
      (["--labels", "short.h5"], 65, "short.h5: "),
      (["--labels", "."], 66, "directory"),
      (["--labels", "two.h5"], 65, "several datasets could be the labels: /a, /b"),
      (["--labels", "labels.npy", "--label-names", "few.txt"], 65, "few.txt names 0 to 1"),
      (["--labels", "labels.npy", "--label-names", "nothing.txt"], 66, "nothing.txt: no such file"),
      (["--labels", "labels.npy", "--coarse", "other.csv"], 65, "column group: has nothing for any label there is"),
      (["--labels", "labels.npy", "--coarse", "twice.csv"], 65, "line 3: the label 0 was there before"),
      (["--labels", "named.csv:label", "--label-names", "names.txt"], 64, "are names"),
      (["--labels", "labels.npy", "-o", "no/such/place"], 73, "no/such/place"),
      (["--label-names", "names.txt"], 64, "--labels"),
      ([], 64, "Say where the labels are"),
    ])
  func errors(arguments: [String], status: Int32, message: String) async throws {
    let workspace = try await Workspace(
      Self.data + Self.files
        + """

        np.save("short.npy", labels[1:]); np.save("none.npy", np.full(3000, -1))
        open("broken.npy", "wb").write(open("labels.npy", "rb").read()[:-8])
        save("damaged.h5", labels, "labels", chunks=(1000,), compression="gzip")
        with h5py.File("damaged.h5") as f: position = f["labels"].id.get_chunk_info(1).byte_offset
        with open("damaged.h5", "r+b") as f: f.seek(position + 20); f.write(b"nonsense")
        open("short.h5", "wb").write(open("all.h5", "rb").read()[:5000])
        save("two.h5", labels, "a"); save("two.h5", labels, "b")
        open("few.txt", "w").write("zero\\none\\n")
        open("other.csv", "w").write("class,group\\nelsewhere,1\\n")
        open("twice.csv", "w").write("class,group\\n0,1\\n0,2\\n")
        """)
    _ = try await workspace.build("all.h5")
    let run = try await workspace.logitree(["evaluate", "out.logitree"] + arguments)
    #expect(run.status == status && run.errors.contains(message), "\(run.status): \(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test("Damage to a segment is found before its assignments are used")
  func damage() async throws {
    let workspace = try await Workspace(Self.data + Self.files)
    _ = try await workspace.build("all.h5")
    try await workspace.python(
      """
      name = "out.logitree/" + next(n for n in os.listdir("out.logitree") if n.startswith("segment"))
      with h5py.File(name, "a") as f: f["assignments"][17] ^= 1
      """)
    let run = try await workspace.logitree("evaluate", "out.logitree", "--labels", "labels.npy")
    #expect(run.status == 65 && run.errors.contains("damaged: its checksum is another"), "\(run.errors)")
    #expect(run.output.isEmpty)
  }
}
