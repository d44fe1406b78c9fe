import Files
import Texts

/// What an input was when it was looked at: what its rows are known by, and what the system says of its files.
///
/// A file that is written to while its rows are read gives rows of two states, and a result of neither. So a run looks
/// at its inputs before it reads them, and again before what it has made of them counts.
package struct InputLook: Sendable {
  package let input: LogitInput
  /// What the input's rows are known by.
  package let fingerprint: String
  /// The files that its elements are in.
  private let files: [FileState]
  /// Whether another process appends rows to it, which is known to leave those alone that were complete.
  private let isBeingWritten: Bool

  /// Looks at an input that was described before.
  ///
  /// - Throws: ``LogitStreamError``
  package init(at input: LogitInput) throws(LogitStreamError) {
    // The files come first: what is changed after that is seen by the next look.
    let own = try Self.states([input.file])
    let reader = try InputReader(opening: input)
    self.input = input
    files = own + (try Self.states(reader.otherFiles))
    isBeingWritten = reader.isBeingWritten
    fingerprint = try reader.fingerprint(rows: input.rows)
  }

  /// A file that is not there has no state: it is one of a family, or its absence shows when it is read.
  private static func states(_ paths: [String]) throws(LogitStreamError) -> [FileState] {
    var states: [FileState] = []
    for path in paths {
      do throws(FileError) {
        let state = try FileState(of: path)
        // The HDF5 library would wait for whoever writes to a pipe.
        guard state.isRegular || state.isDirectory else { throw FileError(.open, path, .isNotRegular) }
        states.append(state)
      } catch {
        guard error.code == .noSuchFileOrDirectory else { throw .unreadableFile(error) }
      }
    }
    return states
  }

  /// What the input's own file was; nil for a family.
  package var ownFile: FileState? { files.first { $0.path.hasSameBytes(as: input.file) } }

  /// Makes sure that no file has changed since.
  ///
  /// - Throws: ``LogitStreamError/changed(file:dataset:)``
  package func check() throws(LogitStreamError) {
    let now = try Self.states(files.map(\.path))
    if now == files { return }
    guard isBeingWritten, now.count == files.count, zip(files, now).allSatisfy({ $0.canHaveGrown(to: $1) }) else {
      throw .changed(file: input.file, dataset: input.dataset)
    }
    try checkFingerprint()
  }

  /// Makes sure that neither files nor rows have changed since, as far as a fingerprint tells.
  ///
  /// - Throws: ``LogitStreamError/changed(file:dataset:)``, and if the rows can't be read.
  package func checkRows() throws(LogitStreamError) {
    try check()
    try checkFingerprint()
  }

  private func checkFingerprint() throws(LogitStreamError) {
    guard try input.fingerprint(rows: input.rows) == fingerprint else {
      throw .changed(file: input.file, dataset: input.dataset)
    }
  }
}

extension LogitSource {
  /// Looks at all inputs.
  ///
  /// - Throws: ``LogitStreamError``
  package func looks() throws(LogitStreamError) -> [InputLook] {
    var looks: [InputLook] = []
    for input in inputs { looks.append(try InputLook(at: input)) }
    return looks
  }
}
