extension Workspace {
  /// Runs the program with a script at the other end of its standard input, which is `p`: x.bin goes through unless it says
  /// otherwise.
  func pipe(
    _ arguments: String, _ script: String = "p.write(open('x.bin', 'rb').read())"
  ) async throws -> (status: Int, errors: String) {
    let printed = try await python(
      """
      import signal, subprocess, time
      process = subprocess.Popen(["\(Package.binary())"] + "\(arguments)".split(), stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0)
      p = process.stdin
      try:
      \(script.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
          p.close()
      except BrokenPipeError:
          pass
      errors = process.stderr.read().decode()
      print(process.wait())
      print(errors)
      """)
    let lines = printed.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    return (Int(lines[0]) ?? -1, lines.count > 1 ? String(lines[1]) : "")
  }
}
