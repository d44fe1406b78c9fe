import LogitStream
import Report

/// What `inspect` says of arrays that look like the largest logits of each row with their clusters.
enum TopKHint {
  /// The command that builds them, for each two arrays that do.
  static func lines(_ listing: [ListedArray], in file: String) -> [Message] {
    let arrays = listing.compactMap(\.array)
    return arrays.filter { $0.integerFormat != nil && isWide($0) }.flatMap { indices in
      arrays.filter { $0.format != nil && $0.shape == indices.shape }.map { values in
        let normalizer = arrays.first { $0.format != nil && isOfRows($0, of: values) }
        let names = Shell.quoted("\(name(indices)),\(name(values))")
        let sums = normalizer.map { " --normalizer \(Shell.quoted(name($0)))" } ?? ""
        let command = "logitree build \(Shell.quoted(file)) --top-k \(names)\(sums) --clusters K -o STORE"
        return """
          \(name: indices.name) and \(name: values.name) look like the \(values.shape.last ?? 0) largest of each row, with their \
          clusters:
            \(command: command)

          """
      }
    }
  }

  private static func isWide(_ array: StoredArray) -> Bool {
    array.shape.count >= 2 && array.shape.last.map { $0 >= 2 } ?? false
  }

  /// Whether an array has one number for each row of another.
  private static func isOfRows(_ array: StoredArray, of values: StoredArray) -> Bool {
    let rows = Array(values.shape.dropLast())
    return array.shape == rows || array.shape == rows + [1]
  }

  /// A name as `--top-k` takes it, without HDF5's slash.
  private static func name(_ array: StoredArray) -> String {
    array.name.hasPrefix("/") ? String(array.name.dropFirst()) : array.name
  }
}
