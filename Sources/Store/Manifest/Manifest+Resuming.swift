import Files
import LogitStream

extension Manifest.KnownFileState {
  init(_ state: FileState) { self.init(byteCount: state.byteCount, changed: state.changed) }

  /// Whether a file in another state can have other rows. If it may have been added to, one that has grown is known by its
  /// fingerprint.
  fileprivate func differs(from now: Self, mayHaveGrown: Bool) -> Bool {
    now != self && !(mayHaveGrown && now.byteCount > byteCount)
  }
}

extension Manifest {
  /// This state without what it has learnt of files that have changed since it was begun: a run that was killed did not look
  /// at them again. What a complete state has is kept, if one is given.
  ///
  /// - Parameter mayHaveGrown: Whether files that are larger now are taken for what they were, with something added.
  func withoutChangedInputs(keeping complete: Manifest?, mayHaveGrown: Bool) -> Manifest {
    let changed = sources.indices.filter { index in
      guard let known = sources[index].fileState else { return false }
      let now = try? FileState(of: sources[index].input.file)
      return now.map { known.differs(from: KnownFileState($0), mayHaveGrown: mayHaveGrown) } ?? false
    }
    guard !changed.isEmpty else { return self }
    var manifest = self
    let kept = Set(complete?.files.map(\.name) ?? [])
    manifest.segments = segments.compactMap { segment in
      guard segment.slices.contains(where: { changed.contains($0.input) }) else { return segment }
      guard kept.contains(segment.file.name) else { return nil }
      var segment = segment
      segment.evidence.removeAll { !kept.contains($0.name) }
      return segment
    }
    return manifest
  }
}

extension StoreDirectory {
  /// What an unfinished run has left, as far as a run can go on with it.
  func resumable() throws(StoreError) -> Manifest? {
    try building()?.withoutChangedInputs(keeping: manifest(), mayHaveGrown: true)
  }
}
