import Files
import LogitStream
import Report

/// How logits get out of a file of a format that is not read directly: the lines that convert it.
struct ForeignConversion {
  private let format: ForeignFormat
  private let file: String

  init(_ format: ForeignFormat, file: String) {
    self.format = format
    self.file = file
  }

  var advice: Message {
    switch format {
    case .unknown:
      """
      From Python, h5py writes one:
        with h5py.File("logits.h5", "w") as f:
            f.create_dataset("logits", data=logits)  # N samples × K clusters
      """
    case .gzip, .zstd, .xz, .bzip2, .lz4: unpacked
    case .zip, .tar, .zippedZarr: "Unpack it first: \(command: "\(unpacker) \(Shell.quoted(file))")"
    case .torchScript: "Save the logits instead: torch.save(logits, \"logits.pt\")"
    case .legacyTorch:
      """
      These lines write it anew:
        import torch; logits = torch.load(\(python))
        torch.save(logits, "logits.pt")
      """
    default: piped
    }
  }

  private var python: String { Self.python(file) }

  /// A file's name as a text of Python.
  static func python(_ file: String) -> String {
    let escaped = file.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }

  /// The lines that write an array of Zarr, or all of an `.npz` file, in a way that is read.
  static func rewritten(_ file: String, _ dataset: String) -> Message {
    let lines: Message =
      if FileSystem.isDirectory(file) {
        """
          import zarr
          zarr.save("logits.zarr", zarr.open(\(python(file)), mode="r")\(dataset.isEmpty ? "" : "[\(python(dataset))]")[:])
        """
      } else {
        """
          import numpy as np
          np.savez("logits.npz", **np.load(\(python(file))))
        """
      }
    return "These lines write it anew:\n\(lines)"
  }

  private var unpacker: String { format == .tar ? "tar -xf" : "unzip" }

  private var unpacked: Message {
    let program =
      switch format {
      case .gzip: "gunzip"
      case .zstd: "zstd -d"
      case .xz: "unxz"
      case .bzip2: "bunzip2"
      default: "lz4 -d"
      }
    return "Decompress it first: \(command: "\(program) \(Shell.quoted(file))")"
  }

  /// Two lines of Python that write rows as float32, one after another, into a pipe.
  private var piped: Message {
    let lines = ["import sys, numpy as np" + preparation, writing]
    // Lines stay lines, unless the file's name has what must be escaped.
    let script =
      Shell.quoted(writing).hasPrefix("'")
      ? "'" + lines.map { Shell.quoted($0).dropFirst().dropLast() }.joined(separator: "\n") + "'"
      : Shell.quoted(lines.joined(separator: "\n"))
    let call = "python -c \(script) |"
    return """
      These lines write \(taken) into a pipe, from which a store is built\(caution); K is the number of columns:
      \(command: call)
        logitree build - --type float32 --clusters K -o STORE
      """
  }

  /// Loading a pickle executes what is in it.
  private var caution: String { format == .pickle ? " (only if you trust it: they execute what is in it)" : "" }

  /// What the lines take for logits.
  private var taken: String {
    switch format {
    case .pickle, .json: "the rows of its array"
    case .matlab, .netCDF, .tfRecord: "the rows of what it calls logits"
    case .text(_, hasWords: true): "its rows, all columns of numbers,"
    default: "its rows, all columns,"
    }
  }

  private var preparation: String {
    switch format {
    case .parquet: ", pyarrow.parquet as pq"
    case .arrow, .feather: ", pyarrow as pa, pyarrow.feather as pf"
    case .arrowStream: ", pyarrow as pa"
    case .matlab: ", scipy.io as io"
    case .pickle: ", pickle"
    case .tfRecord: ", tensorflow as tf"
    case .netCDF: ", scipy.io as io"
    case .json: ", json"
    case .text(_, hasWords: true): ", pandas as pd"
    case .text(hasHeader: true, _): ", itertools"
    default: ""
    }
  }

  private var writing: String {
    // A column may hold numbers, or lists of them.
    let column = "np.reshape(c.flatten() if hasattr(c, \"flatten\") else c, (len(b), -1))"
    let table = "np.column_stack([\(column) for c in b.columns])"
    func each(_ batches: String, _ rows: String) -> String {
      "for b in \(batches): sys.stdout.buffer.write(np.asarray(\(rows), \"<f4\").tobytes())"
    }
    switch format {
    case .parquet: return each("pq.ParquetFile(\(python)).iter_batches()", table)
    case .arrow, .feather: return each("pf.read_table(\(python)).to_batches()", table)
    case .arrowStream: return each("pa.ipc.open_stream(\(python))", table)
    case .matlab: return each("[io.loadmat(\(python))[\"logits\"]]", "b")
    case .netCDF: return each("[io.netcdf_file(\(python)).variables[\"logits\"][:]]", "b")
    case .pickle: return each("[pickle.load(open(\(python), \"rb\"))]", "b")
    case .json: return each("json.load(open(\(python)))", "b")
    case .tfRecord:
      return each(
        "tf.data.TFRecordDataset(\(python))",
        "tf.io.parse_single_example(b, {\"logits\": tf.io.VarLenFeature(tf.float32)})[\"logits\"].values")
    case .text(let hasHeader, hasWords: true):
      let header = hasHeader ? "" : ", header=None"
      return each(
        "pd.read_csv(\(python)\(header), sep=None, engine=\"python\", chunksize=4096)", "b.select_dtypes(\"number\")")
    case .text(let hasHeader, _):
      let lines = hasHeader ? "itertools.islice(open(\(python)), 1, None)" : "open(\(python))"
      return each(lines, "b.replace(\",\", \" \").replace(\";\", \" \").split()")
    default: return ""
    }
  }
}
