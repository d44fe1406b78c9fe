import CHDF5
import Glibc
import SystemPackage
import Texts

/// The files that a dataset's elements are in, if they are not in its own, one after another.
///
/// They are read here. The library takes for zeros what the system has not given at once, and does not say why it gives
/// nothing.
struct ExternalFiles: Sendable {
  private struct Part: Sendable {
    let path: String
    let offset: Int
    /// Its bytes among all of the dataset's.
    let range: Range<Int>
  }

  private let parts: [Part]

  /// The files of an open dataset; nil if it has none. To be called inside ``withLibrary(_:)``.
  ///
  /// - Parameter byteCount: The size of the dataset.
  init?(
    properties: hid_t, byteCount: Int, _ subject: Subject, _ operation: String
  ) throws(HDF5Error) {
    let files = try subject.externalFiles(properties, operation)
    // Then it is for the library to say where they are.
    guard !files.isEmpty, getenv("HDF5_EXTFILE_PREFIX") == nil else { return nil }
    var parts: [Part] = []
    var start = 0
    for file in files {
      // The last one may be without end.
      let end = start + min(file.byteCount ?? .max, byteCount - start)
      parts.append(Part(path: file.path, offset: file.offset, range: start..<end))
      start = end
    }
    self.parts = parts
  }

  /// Reads a box of elements, neighbours in the last dimension next to each other.
  func read(
    start: [Int], count: [Int], of shape: [Int], elementByteCount: Int, into buffer: UnsafeMutableRawBufferPointer,
    _ subject: Subject, _ operation: String
  ) throws(HDF5Error) {
    var file = OpenPart()
    // The dimensions that lie in one piece: the last ones that are taken whole, and one before them.
    var inner = max(0, shape.count - 1)
    while inner > 0, count[inner] == shape[inner] { inner -= 1 }
    let strides = shape.indices.map { shape[($0 + 1)...].reduce(elementByteCount, *) }
    let pieceByteCount = count[inner...].reduce(elementByteCount, *)
    var indices = start
    var position = 0
    while true {
      let first = zip(indices, strides).reduce(0) { $0 + $1.0 * $1.1 }
      try read(
        first..<first + pieceByteCount,
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[position..<position + pieceByteCount]), &file, subject,
        operation)
      position += pieceByteCount
      var dimension = inner - 1
      while dimension >= 0 {
        indices[dimension] += 1
        if indices[dimension] < start[dimension] + count[dimension] { break }
        indices[dimension] = start[dimension]
        dimension -= 1
      }
      guard dimension >= 0 else { return }
    }
  }

  /// Reads some of the dataset's bytes.
  private func read(
    _ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer, _ file: inout OpenPart, _ subject: Subject,
    _ operation: String
  ) throws(HDF5Error) {
    var next = range.lowerBound
    for (index, part) in parts.enumerated() {
      let wanted = part.range.clamped(to: range)
      guard !wanted.isEmpty else { continue }
      let target = wanted.lowerBound - range.lowerBound..<wanted.upperBound - range.lowerBound
      let isThere: Bool
      do throws(Errno) {
        isThere = try file.read(
          index, part.path, at: part.offset + wanted.lowerBound - part.range.lowerBound,
          into: UnsafeMutableRawBufferPointer(rebasing: buffer[target]))
      } catch {
        var failure = subject.error(operation, "the external file \(part.path): \(error)")
        failure.systemError = error
        throw failure
      }
      guard isThere else { throw subject.error(operation, "the external file \(part.path) ends early") }
      next = wanted.upperBound
    }
    guard next == range.upperBound else { throw subject.error(operation, "the external files end early") }
  }
}

extension Subject {
  /// The external files of a dataset with these properties, in order; without a size, they have no end. To be called
  /// inside ``withLibrary(_:)``.
  func externalFiles(
    _ properties: hid_t, _ operation: String
  ) throws(HDF5Error) -> [(path: String, offset: Int, byteCount: Int?)] {
    var files: [(path: String, offset: Int, byteCount: Int?)] = []
    for index in 0..<UInt32(try check(operation, H5Pget_external_count(properties))) {
      var characters = [CChar](repeating: 0, count: 4096)
      var offset: off_t = 0
      var size: hsize_t = 0
      try check(operation, H5Pget_external(properties, index, characters.count, &characters, &offset, &size))
      files.append((String(systemCharacters: characters), Int(offset), Int(exactly: size)))
    }
    return files
  }
}

/// The one of several files that was read last, which is likely the next.
private struct OpenPart: ~Copyable {
  private var index: Int?
  private var descriptor: FileDescriptor?

  init() {}

  // It was only read.
  deinit { try? descriptor?.close() }

  /// Fills a buffer with the bytes from `offset` on. Returns false if there are fewer.
  mutating func read(
    _ index: Int, _ path: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Bool {
    do {
      if self.index != index {
        // It was only read.
        try? descriptor?.close()
        (self.index, descriptor) = (nil, nil)
        descriptor = try FileDescriptor.open(
          path.withSystemCharacters { FilePath(platformString: $0) }, .readOnly, options: [.closeOnExec, .nonBlocking])
        self.index = index
      }
      var rest = buffer[...]
      while !rest.isEmpty, let descriptor {
        let count = try descriptor.read(
          fromAbsoluteOffset: Int64(offset + rest.startIndex), into: UnsafeMutableRawBufferPointer(rebasing: rest))
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    } catch {
      throw error as? Errno ?? .ioError
    }
  }
}
