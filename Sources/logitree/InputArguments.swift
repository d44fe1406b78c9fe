import ArgumentParser
import LogitStream

/// Some rows of a data set, as they are written on the command line: "0..<100000", "..<100000".
struct RowChoice: ExpressibleByArgument {
  let range: Range<Int>

  init?(argument: String) {
    guard let match = argument.wholeMatch(of: /([0-9]*)\.\.<([0-9]+)/), let end = Int(match.2) else { return nil }
    let start = match.1.isEmpty ? 0 : Int(match.1)
    guard let start, start < end else { return nil }
    range = start..<end
  }
}

extension InputSpecification {
  /// Reads the inputs of a command.
  static func all(_ inputs: [String], dataset: String?, isTransposed: Bool) -> [InputSpecification] {
    inputs.map { input in
      let specification = InputSpecification(parsing: input)
      return InputSpecification(
        file: specification.file, dataset: specification.dataset ?? dataset, isTransposed: isTransposed)
    }
  }
}

/// How to rewrite a dataset so that it is read fast.
struct Repacking {
  /// The line that does it, with HDF5's own tool.
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
    command = "h5repack -l \(input.dataset):CHUNK=\(chunk.map(String.init).joined(separator: "x")) OLD NEW"
  }
}
