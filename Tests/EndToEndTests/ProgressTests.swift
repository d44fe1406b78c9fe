import Foundation
import Testing

@Suite("Progress", .byTurns)
struct ProgressTests {
  /// Runs the program on a terminal of so many columns, and gives what is on its screen at the end, what was written to it, and
  /// how the program ended. It is interrupted after some seconds, if that is not 0, once it has
  /// renewed its line so often.
  private static let terminal = #"""
    import fcntl, pty, select, signal, struct, subprocess, termios, time
    def on_terminal(columns, arguments, seconds=0, renewals=1):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        run = subprocess.Popen([binary] + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        written, start, is_stopped = b"", time.monotonic(), False
        while True:
            is_due = time.monotonic() - start > seconds and written.count(b"\r\x1b[K") >= renewals
            if seconds and not is_stopped and is_due:
                run.send_signal(signal.SIGINT)
                is_stopped = True
            if select.select([ours], [], [], 0.05)[0]:
                try:
                    more = os.read(ours, 1 << 16)
                except OSError:
                    break
                if not more: break
                written += more
        os.close(ours)
        run.stdout.read()
        return screen(written.decode(), columns), written.decode(), run.wait()
    def screen(text, columns):
        lines, column, at = [""], 0, 0
        while at < len(text):
            if text.startswith("\x1b[K", at):
                lines[-1] = lines[-1][:column]
                at += 3
                continue
            letter = text[at]
            at += 1
            if letter == "\r": column = 0
            elif letter == "\n": lines.append(" " * column)
            else:
                # As terminals do, only the next letter goes on to the next line.
                if column == columns:
                    lines.append("")
                    column = 0
                lines[-1] = lines[-1][:column].ljust(column) + letter + lines[-1][column + 1:]
                column += 1
        return [line.rstrip() for line in lines if line.strip()]

    """#

  private func play(_ data: String, _ checks: String) async throws {
    let workspace = try await Workspace(data)
    _ = try await workspace.build("x.h5")
    try await workspace.python("binary = \"\(Package.binary())\"\n" + Self.terminal + checks)
  }

  @Test("A long run of support shows it in one line, and leaves none of it when it ends", arguments: [40, 200])
  func support(columns: Int) async throws {
    try await play(
      """
      random = np.random.default_rng(2)
      save('x.h5', random.normal(size=(6000, 60)).astype('f4') + 8 * np.eye(60, dtype='f4')[random.integers(0, 60, 6000)])
      """,
      """
      # So many that nothing is done for a while, and fewer.
      for replicates in \(columns == 40 ? "1000000, 500" : "500,"):
          lines, written, status = on_terminal(
              \(columns), ["support", "out.logitree", "--replicates", str(replicates), "--threads", "1"], seconds=2.2,
              renewals=1 if replicates == 1000000 else 3)
          heading = f"\\r\\x1b[K{replicates:,} replicates: "
          assert written.startswith(heading), written
          if replicates == 500 and \(Package.isFullSpeed ? "True" : "False"): assert written.count(heading) > 1, written
          told = "".join(lines)
          # It may be interrupted when all merges are done, and what they say of support is not.
          is_done = told.startswith(f"{replicates:,} replicates: 29,500 merges in ")
          assert is_done or status == 75 and told.startswith("logitree: error: interrupted"), (status, lines)
          assert not any(" %)" in line for line in lines), lines
      lines, written, status = on_terminal(\(columns), ["support", "out.logitree", "--replicates", "20", "--seed", "1"])
      assert status == 0 and "".join(lines).startswith("20 replicates: 1,180 merges in "), (status, lines)
      assert not any(" %)" in line for line in lines), lines
      """)
  }

  @Test("So does a build")
  func build() async throws {
    let rows = Package.isFullSpeed ? 150_000 : 20_000
    try await play(
      """
      x = np.random.default_rng(1).normal(size=(1000, 64)).astype('f4')
      save('x.h5', x, chunks=(1000, 64), maxshape=(None, 64), compression='gzip')
      # Long to read, quick to write.
      with h5py.File('x.h5', 'a') as f:
          data = f['logits']
          chunk = data.id.read_direct_chunk((0, 0))[1]
          data.resize(\(rows), 0)
          for row in range(1000, \(rows), 1000): data.id.write_direct_chunk((row, 0), chunk)
      """,
      """
      lines, written, status = on_terminal(60, ["build", "x.h5", "--threads", "1", "--support", "3", "-o", "y.logitree"])
      assert status == 0, (status, lines)
      assert "\\r\\x1b[Kpass 1, scan: " in written, written
      assert "".join(lines).startswith("pass 1, scan: \(rows.formatted(.number.locale(Locale(identifier: "en_US")))) rows in "), lines
      assert not any(" %)" in line for line in lines), lines
      """)
  }

  @Test("Elsewhere there is a line for each pass, and nothing that moves a cursor")
  func file() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(900, 14))")
    let run = try await workspace.logitree("build", "x.h5", "-o", "out.logitree", "--support", "300")
    #expect(run.status == 0 && !run.errors.contains("\r") && !run.errors.contains("\u{1B}"), "\(run.errors)")
    #expect(
      run.errors.split(separator: "\n").count { $0.contains("300 replicates: 3,900 merges in ") } == 1, "\(run.errors)")
    let quiet = try await workspace.logitree("support", "out.logitree", "--replicates", "600", "--quiet")
    #expect(quiet.status == 0 && quiet.errors.isEmpty && quiet.output.isEmpty, "\(quiet.errors)")
  }
}
