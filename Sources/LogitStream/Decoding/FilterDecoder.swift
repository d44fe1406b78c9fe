import HDF5

/// Undoes one filter by itself.
package struct FilterDecoder: ~Copyable {
  private let filter: ChunkFilter
  private var tools = DecodingTools()

  /// By the number that the filter is registered under with The HDF Group; nil if it is not one of ours.
  package init?(id: Int, parameters: [UInt32]) {
    guard let filter = ChunkFilter(id: id, parameters: parameters) else { return nil }
    self.filter = filter
  }

  /// Undoes it and returns how many bytes came out.
  ///
  /// - Throws: ``DecodingFailure`` if `input` is not what the filter writes, or more comes out than `output` holds.
  package mutating func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) -> Int {
    try filter.decode(input, into: output, using: &tools)
  }

  /// Has the library undo filters in this way, where it has to read chunks itself. Once is enough.
  static let areProvided: Void = ProvidedFilters.provide { id, parameters, input, output in
    guard var decoder = FilterDecoder(id: id, parameters: parameters) else { return .failed }
    do throws(DecodingFailure) {
      return .done(try decoder.decode(input, into: output))
    } catch {
      return error.isForWantOfRoom ? .needsMoreRoom : .failed
    }
  }
}
