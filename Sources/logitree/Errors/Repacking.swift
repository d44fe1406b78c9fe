import LogitStream

/// How to rewrite a dataset so that it can be read fast.
struct Repacking {
  /// The command line that does it, with HDF5's own tool.
  let command: String

  init(_ input: LogitInput) {
    let rows = max(1, min(256, (1 << 20) / input.rowByteCount))
    var chunk = input.shape.map { _ in 1 }
    if let last = chunk.indices.last, input.isTransposed {
      chunk[0] = input.clusters
      chunk[last] = min(rows, input.shape[last])
    } else if let last = chunk.indices.last {
      chunk[last] = input.clusters
      chunk[last - 1] = min(rows, input.shape[last - 1])
    }
    let layout = "\(input.dataset):CHUNK=\(chunk.map(String.init).joined(separator: "x"))"
    command = "h5repack -l \(Shell.quoted(layout)) OLD NEW"
  }
}
