import LogitStream
import Texts

/// Sources are equal if their rows are.
extension Manifest.Source: Equatable {
  package static func == (first: Self, second: Self) -> Bool {
    first.input == second.input && first.fingerprint == second.fingerprint
  }
}

extension Manifest.Source {
  /// Whether both are the same rows of the same array.
  ///
  /// Rows that were appended to the array make no difference. Nor does it matter whether the rows were chosen or were
  /// all that there were, or how the array is cut into chunks.
  func hasSameRows(as other: Self) -> Bool { isSameArray(as: other) && hasSameContent(as: other) }

  func isSameArray(as other: Self) -> Bool { input.isSameArray(as: other.input) }

  func hasSameContent(as other: Self) -> Bool {
    input.isTransposed == other.input.isTransposed && input.rowRange == other.input.rowRange
      && fingerprint == other.fingerprint
  }

  /// Whether the rows are among those of another source: of the same array, which may have been written anew since, or
  /// the same content by another name.
  func isIncluded(in other: Self) -> Bool {
    guard isSameArray(as: other) else { return hasSameContent(as: other) }
    return input.selection == nil && other.input.selection == nil
      || other.input.rowRange.clamped(to: input.rowRange) == input.rowRange
  }

  /// What has become of an array.
  enum Change {
    case none
    /// Rows were appended.
    case grown(arrayRows: Int)
    /// The rows are others, or fewer, or of another form.
    case changed
    /// It can't be read.
    case gone

    var isNone: Bool { if case .none = self { true } else { false } }
  }

  /// How the array differs from what it was.
  var change: Change {
    guard !input.isStream else { return .gone }
    do {
      // Of all rows, whichever were chosen.
      let found = try LogitInput(opening: input.specification)
      guard try isHeld(by: found) else { return .changed }
      return found.arrayRows > input.arrayRows ? .grown(arrayRows: found.arrayRows) : .none
    } catch LogitStreamError.noSuchFile, LogitStreamError.unreadableFile, LogitStreamError.inputOutput {
      return .gone
    } catch LogitStreamError.library(let error) where error.systemError != nil {
      return .gone
    } catch {
      return .changed
    }
  }

  /// Whether the rows that were taken are those of an array as it is now, which may have more, and other chunks.
  func isHeld(by found: LogitInput) throws(LogitStreamError) -> Bool {
    guard found.clusters == input.clusters, found.format == input.format,
      found.arrayRows >= input.rowRange.upperBound
    else { return false }
    return try found.selecting(input.rowRange).fingerprint(rows: input.rows) == fingerprint
  }

  /// Whether the rows are still those that were taken.
  var isUnchanged: Bool {
    switch change {
    case .none, .grown: true
    case .changed, .gone: false
    }
  }

  /// Whether the rows are those that would be taken now.
  var isPresent: Bool {
    switch change {
    case .none: true
    case .grown: input.selection != nil
    case .changed, .gone: false
    }
  }
}

extension Manifest {
  /// Whether both are of the same rows of the same inputs.
  func hasSameRows(as other: Manifest) -> Bool {
    sources.count == other.sources.count && zip(sources, other.sources).allSatisfy { $0.hasSameRows(as: $1) }
  }

  /// How the data set or the options differ from those of `other`, which is called `name`; nil if they don't. It is
  /// what a sentence says of a shard.
  func difference(from other: Manifest, called name: String) -> String? {
    if !(sources.count == other.sources.count && zip(sources, other.sources).allSatisfy { $0.isSameArray(as: $1) }) {
      let position = zip(sources, other.sources).first { !$0.isSameArray(as: $1) }
      return position.map { "is of other inputs than \(name): \($0.input.location) instead of \($1.input.location)" }
        ?? "is of other inputs than \(name): \(sources.count) instead of \(other.sources.count)"
    }
    if !hasSameRows(as: other) { return "is of inputs with another content than \(name)" }
    if names != other.names { return "has other names of clusters than \(name)" }
    if options != other.options { return "was made with other options than \(name)" }
    return nil
  }

  /// Whether both are of the same rows, names and options, so that shards of them may be combined.
  func goesWith(_ other: Manifest) -> Bool { difference(from: other, called: "") == nil }

  /// Whether every input of `other` is one of this state's, with all the rows that `other` takes of it.
  func covers(_ other: Manifest) -> Bool {
    other.sources.allSatisfy { theirs in
      sources.contains {
        $0.isSameArray(as: theirs) && $0.input.rowRange.clamped(to: theirs.input.rowRange) == theirs.input.rowRange
      }
    }
  }

  /// Makes sure that every input of this state is one of `other`'s, with all the rows that were taken, so that nothing is
  /// lost that `other` is not of.
  ///
  /// A state that nothing was learnt of yet has nothing to lose.
  ///
  /// - Throws: ``StoreError/holdsOtherInputs(_:_:)``
  func checkLosesNothing(by other: Manifest, at path: String) throws(StoreError) {
    guard !segments.isEmpty || hierarchy != nil else { return }
    let lost = sources.filter { mine in
      // Whether a stream has the same rows nobody knows before they come. What a run left that found no hierarchy is of
      // little use without them.
      if mine.input.isStream { return hierarchy != nil }
      return !other.sources.contains { mine.isIncluded(in: $0) }
    }
    guard lost.isEmpty else {
      throw .holdsOtherInputs(path, lost.map { StoreError.Holding(location: $0.input.location, rows: $0.input.rows) })
    }
  }

  /// Whether this is what updates make of `other`: rows were appended to its inputs, and further inputs added.
  func isUpdate(of other: Manifest) -> Bool {
    guard names.hasSameBytes(as: other.names), options == other.options, sources.count >= other.sources.count else {
      return false
    }
    return zip(sources, other.sources).allSatisfy { mine, theirs in
      mine.isSameArray(as: theirs)
        && (mine.hasSameContent(as: theirs)
          || mine.input.selection == nil && theirs.input.selection == nil && mine.input.rows > theirs.input.rows)
    }
  }
}
