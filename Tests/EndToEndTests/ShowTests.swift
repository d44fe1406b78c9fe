import Foundation
import Testing

@Suite("The tree in the terminal", .byTurns)
struct ShowTests {
  private func languages() async throws -> Workspace {
    let workspace = try Workspace()
    try await workspace.succeed(
      "build", Package.exampleLogits, "--names", Package.exampleNames, "-o", "out.logitree", "--quiet")
    return workspace
  }

  /// Python that runs the program in a terminal of its own, and returns what it writes there.
  private static let terminal = """
    import fcntl, pty, struct, termios, unicodedata
    binary = sys.argv[1] if len(sys.argv) > 1 else None
    def show(binary, *arguments, columns=80, rows=24, **environment):
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", **environment}
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        child = os.fork()
        if child == 0:
            os.dup2(slave, 1)
            os.execve(binary, [binary, "show", "out.logitree", *arguments], environment)
        os.close(slave)
        written = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            written += part
        assert os.waitpid(child, 0)[1] == 0
        return written.decode().replace("\\r\\n", "\\n")
    def columns(text):
        return sum(0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf") else
                   2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

    """

  private func terminal(_ workspace: Workspace, _ script: String) async throws {
    try await workspace.python(Self.terminal + "binary = \"\(Package.binary())\"\n" + script)
  }

  @Test("Colours are for terminals that want them")
  func colours() async throws {
    try await terminal(
      languages(),
      """
      plain = show(binary, NO_COLOR="1")
      assert "\\x1b" not in plain and "Danish" in plain
      import re
      for environment in [{}, {"NO_COLOR": ""}, {"COLORTERM": "truecolor"}, {"COLORTERM": "24bit"}]:
          shown = show(binary, **environment)
          assert ("38;2;" if "COLORTERM" in environment else "38;5;") in shown, environment
          assert re.sub("\\x1b\\\\[[0-9;]*m", "", shown) == plain
      for environment in [{"TERM": "dumb"}, {"TERM": ""}, {"NO_COLOR": "0"}]:
          assert show(binary, **environment) == plain
          assert "\\x1b" in show(binary, "--color", "always", **environment)
      assert show(binary, "--color", "never") == plain
      assert show(binary, "--colour", "never") == plain
      """)
    let piped = try await languages().succeed("show", "out.logitree")
    #expect(!piped.contains(0x1B))
  }

  @Test("Nothing is wider than the terminal, with wide names too")
  func widths() async throws {
    let workspace = try await Workspace(
      """
      names = ["日本語の長いなまえの言語" * 3, "한국어" * 9, "e\\u0301" * 70, "🐈" * 40, "W" * 100] * 12
      x = blobs(6000, len(names)); save("x.h5", x)
      open("names.txt", "w").write("\\n".join(f"{name}{i}" for i, name in enumerate(names)))
      """)
    try await workspace.succeed("build", "x.h5", "-o", "out.logitree", "--names", "names.txt", "--quiet")
    try await terminal(
      workspace,
      """
      for width in [20, 33, 40, 60, 80, 132]:
          for arguments in [[], ["--depth", "3"], ["--all"], ["--node", "65"], ["--node", "#0"], ["--cut", "7"]]:
              shown = show(binary, *arguments, columns=width, NO_COLOR="1")
              tree = shown.split("\\nout.logitree: ")[0]
              wide = [line for line in tree.splitlines() if columns(line) > width]
              assert not wide, (width, arguments, wide)
      """)
  }

  @Test("A terminal gets a few screens of a large tree, a pipe and --all get every cluster")
  func large() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(20000, 400))")
    try await workspace.succeed("build", "x.h5", "-o", "out.logitree", "--quiet")
    try await terminal(
      workspace,
      """
      count = lambda text: sum("─ " in line for line in text.splitlines())
      assert count(show(binary, columns=300)) == 100
      assert count(show(binary, columns=300, rows=60)) == 180
      assert count(show(binary, "--all", columns=300)) == 400
      assert "400 clusters in 100 groups; --all draws each" in show(binary, columns=300)
      assert "--all" not in show(binary, "--all", columns=300)
      """)
    let piped = String(decoding: try await workspace.succeed("show", "out.logitree"), as: UTF8.self)
    #expect(piped.split(separator: "\n").count { $0.contains("─ ") } == 400)
  }

  @Test("A cluster's name shows the way to it, a node's number what is below, with figures")
  func node() async throws {
    let workspace = try await languages()
    let shown = String(decoding: try await workspace.succeed("show", "out.logitree", "--node", "danish"), as: UTF8.self)
    for text in [
      "─ Danish ◀", "─ Swedish", "#14 Danish", "share ", "margin ", "evidence ", "Confused with", "6,033 rows",
    ] {
      #expect(shown.contains(text), "\(text)")
    }
    #expect(!shown.contains("─ Kazakh") && !shown.contains("peak memory"))
    let verbose = try await workspace.logitree("show", "out.logitree", "--node", "danish", "--verbose")
    #expect(verbose.outputText.contains("peak memory"))
    let root = String(decoding: try await workspace.succeed("show", "out.logitree", "--node", "192"), as: UTF8.self)
    #expect(
      root.contains("─ Kazakh") && root.contains("step      96") && root.contains("of 96: #") && root.contains("97"))
  }

  @Test("Groups are listed as cut makes them")
  func cut() async throws {
    let workspace = try await languages()
    let shown = String(decoding: try await workspace.succeed("show", "out.logitree", "--cut", "7"), as: UTF8.self)
    try workspace.write(shown, to: "shown.txt")
    try await workspace.succeed("cut", "out.logitree", "-k", "7", "-o", "cut.csv")
    try await workspace.python(
      """
      groups = {}
      for row in csv.DictReader(open("cut.csv")):
          groups.setdefault(int(row["group"]), []).append(row)
      lines = open("shown.txt").read().splitlines()[1:8]
      for index, line in enumerate(lines):
          number, clusters, samples, share, _, members = line.split(None, 5)
          rows = groups[index]
          total = int(rows[0]["samples"])
          assert (int(number), int(clusters), int(samples.replace(",", ""))) == (index, len(rows), total), line
          assert abs(float(share) - 100 * total / 6033) < 0.051, line
          first = rows[0]["label"].split(" / ")[0]
          assert members.startswith(first), line
      """)
  }

  @Test(
    "Wrong uses are errors that help",
    arguments: [
      (["--node", "Danisch"], "Danish"), (["--node", "nothing like it"], "no cluster or node"),
      (["--node", "999"], "999"),
      (["--cut", "0"], "0 groups"), (["--cut", "98"], "97 leaves"), (["--cut", "3", "--node", "Danish"], "--cut"),
      (["--depth", "0"], "--depth"), (["--width", "5"], "--width"), (["--color", "blue"], "auto"),
    ])
  func mistakes(arguments: [String], says: String) async throws {
    let run = try await languages().logitree(["show", "out.logitree"] + arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty && run.errors.contains(says), "\(run.errors)")
  }
}
