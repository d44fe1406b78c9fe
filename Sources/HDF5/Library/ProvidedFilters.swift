import CHDF5

/// Filters that the program undoes itself, given to the library for what it reads alone: labels, names, elements that it
/// converts. It needs no plugins for them then.
package enum ProvidedFilters {
  /// What came of undoing a filter.
  package enum Outcome {
    /// So many bytes came out.
    case done(Int)
    /// More come out than the output has room for.
    case needsMoreRoom
    case failed
  }

  /// Undoes the filter of a number with its parameters.
  package typealias Undo =
    @Sendable (
      _ id: Int, _ parameters: [UInt32], _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) -> Outcome

  /// The functions for each number: the library does not tell a function which filter it is called for.
  private static let functions: [H5Z_filter_t: H5Z_func_t] = [
    32000: { undo(32000, $0, $1, $2, $3, $4, $5) }, 32001: { undo(32001, $0, $1, $2, $3, $4, $5) },
    32004: { undo(32004, $0, $1, $2, $3, $4, $5) }, 32008: { undo(32008, $0, $1, $2, $3, $4, $5) },
    32015: { undo(32015, $0, $1, $2, $3, $4, $5) }, 32026: { undo(32026, $0, $1, $2, $3, $4, $5) },
  ]

  /// Has the library call `undo` for the filters that it has no function of its own for. Those that it can't be told of are
  /// left to plugins.
  package static func provide(_ undo: @escaping Undo) {
    withLibrary {
      provided = undo
      for (id, function) in functions { _ = chdf5_register_filter(id, function) }
    }
  }
}

// Functions of C know nothing but what they are called with. The library's lock is held by who sets it and by who is called.
private nonisolated(unsafe) var provided: ProvidedFilters.Undo?

/// As many bytes as the library takes for a chunk.
private let mostByteCount = 1 << 32

/// A filter's function: puts what comes out in the place of what is in `buffer`. Returns how many bytes that is, 0 for
/// failure.
private func undo(
  _ id: Int, _ flags: UInt32, _ parameterCount: Int, _ parameters: UnsafePointer<UInt32>?, _ byteCount: Int,
  _ capacity: UnsafeMutablePointer<Int>?, _ buffer: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int {
  guard flags & UInt32(H5Z_FLAG_REVERSE) != 0, let provided, let buffer, let capacity else { return 0 }
  let parameters = Array(UnsafeBufferPointer(start: parameters, count: parameters == nil ? 0 : parameterCount))
  // Nobody says how many bytes come out, so that it is tried with ever more room.
  var room = max(1 << 16, 4 * byteCount)
  while room <= mostByteCount {
    guard let target = H5allocate_memory(room, false) else { return 0 }
    let outcome = provided(
      id, parameters, UnsafeRawBufferPointer(start: buffer.pointee, count: byteCount),
      UnsafeMutableRawBufferPointer(start: target, count: room))
    if case .done(let count) = outcome {
      H5free_memory(buffer.pointee)
      buffer.pointee = target
      capacity.pointee = room
      return count
    }
    H5free_memory(target)
    guard case .needsMoreRoom = outcome else { return 0 }
    room *= 2
  }
  return 0
}
