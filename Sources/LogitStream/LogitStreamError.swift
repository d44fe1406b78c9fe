import Errors
import Files
import HDF5
import Texts

/// Why a source of logits can't be used, with the facts the message needs.
public enum LogitStreamError: CategorizedError, Sendable, Equatable {
  case noSuchFile(String)
  /// A file that can't be opened.
  case unreadableFile(FileError)
  case inputOutput(FileError)
  /// A file, or an array in it, that is said to be longer than the file is.
  case endsEarly(String, needed: Int, found: Int)
  case unknownFormat(String, ForeignFormat)
  /// A file of PyTorch's that holds other things than tensors, lists and dictionaries.
  case otherPickle(String, reason: String)
  /// An array that is compressed, or put together, in a way that is not known here.
  case unknownCodec(file: String, dataset: String, codec: String)
  case damagedHeader(String, reason: String)
  case noDataset(file: String, found: [String])
  case severalDatasets(file: String, candidates: [String])
  case noSuchDataset(file: String, dataset: String, found: [String])
  case wrongDimensions(file: String, dataset: String, shape: [Int])
  case notFloatingPoint(file: String, dataset: String, type: String)
  case notIntegers(file: String, dataset: String, type: String)
  case columnMajorIntegers(String)
  /// A file in which no array could be labels or names, and one in which several could be.
  case noColumn(file: String, found: [String])
  case severalColumns(file: String, candidates: [String])
  /// A `.npy` file of objects, which only Python can read.
  case pythonObjects(String)
  /// Strings in a `.npy` file, or integers of Zarr, that are no list.
  case severalDimensions(String, shape: [Int])
  /// A string that is not in the encoding that strings of its type have.
  case noText(String, row: Int, encoding: String)
  /// An array of a top-k dump that is no list of clusters.
  case noIndices(file: String, dataset: String, type: String)
  /// Values where clusters are named, and clusters where values are.
  case swappedArrays(file: String, indices: String, values: String)
  /// Arrays of a top-k dump that are not of the same rows.
  case differentShapes(file: String, dataset: String, shape: [Int], other: String, otherShape: [Int])
  /// A file that holds one array without a name, where a top-k dump takes two.
  case singleArray(file: String)
  /// A top-k dump of one value for each row.
  case tooFewKept(file: String, dataset: String, found: Int)
  /// More values for each row than there are clusters.
  case tooManyKept(file: String, dataset: String, found: Int, clusters: Int)
  /// An input with all logits of its rows, and one of the same data set that is a top-k dump.
  case mixedInputs(whole: String, topK: String)
  /// Top-k inputs of one data set whose values are logits, with their log-sum-exp, and log-probabilities.
  case mixedValues(logits: String, others: String)
  case missingFilter(file: String, dataset: String, filter: String)
  case damagedChunk(file: String, dataset: String, rows: Range<Int>, reason: String)
  /// An array that is compressed as a whole and lies in columns, of which there is no room for what comes out.
  case noRoomForContent(String, byteCount: Int, error: FileError)
  case incomplete(file: String, dataset: String, reason: String)
  case noRows(file: String, dataset: String)
  case tooFewClusters(file: String, dataset: String, found: Int)
  case tooManyClusters(file: String, dataset: String, found: Int)
  case differentClusters(file: String, dataset: String, found: Int, expected: Int, expectedIn: String)
  case tooManyRows(file: String, dataset: String)
  case noSuchRows(Range<Int>, rows: Int)
  /// An array that is given more than once, whose rows would be counted as often.
  case repeatedInput(String)
  case changed(file: String, dataset: String)
  /// Stopped in the middle of a long reading, as was asked for.
  case interrupted
  /// A file without a header whose size is no multiple of a row's.
  case noWholeRows(String, byteCount: Int, rowByteCount: Int)
  /// A stream that ends in the middle of a row.
  case endsWithinRow(String, rows: Int, byteCount: Int, rowByteCount: Int)
  /// A stream that ends before all rows have come that were asked for.
  case fewerRows(String, found: Int, wanted: Int)
  /// Rows that are needed again, and came once.
  case streamEnded(String)
  /// Rows that came once, to a run before this one.
  case earlierStream(String)
  /// What is said to have no header begins with one.
  case hasHeader(String, format: String, isStream: Bool)
  /// Numbers without a header that are others than was said.
  case looksLikeType(String, said: LogitFormat, found: LogitFormat)
  /// A stream whose numbers nobody described.
  case unknownStream(String)
  /// Rows of a stream that are not those that an interrupted run had spooled.
  case otherStream(String, row: Int, spool: String)
  /// A stream beside other inputs, or of which only some rows are wanted.
  case streamAmongOthers
  case library(HDF5Error)
}

extension LogitStreamError {
  public var category: ErrorCategory {
    switch self {
    case .noSuchFile, .noSuchDataset, .streamEnded, .earlierStream: .missing
    // A directory, or one that may not be read.
    case .unreadableFile(let error):
      error.code?.categoryOfOpening ?? (error.cause == .isNotRegular ? .badData : .missing)
    case .inputOutput(let error), .noRoomForContent(_, _, let error): error.category
    case .noSuchRows, .repeatedInput, .unknownStream, .streamAmongOthers: .usage
    case .library(let error): error.category
    case .interrupted: .interrupted
    default: .badData
    }
  }
}

extension LogitStreamError {
  public var description: String {
    switch self {
    case .noSuchFile(let file):
      "\(file): no such file"
    case .unreadableFile(let error), .inputOutput(let error):
      error.description
    case .endsEarly(let location, let needed, let found):
      "\(location): ends early: \(found) bytes are there of \(needed)"
    case .unknownFormat(let file, let format):
      format == .unknown
        ? "\(file): not an HDF5 file, nor .npy, .npz, PyTorch's .pt, safetensors or a directory of Zarr"
        : "\(file): is \(format.description), which is not read directly"
    case .otherPickle(let file, let reason):
      "\(file): holds other things than tensors, and lists and dictionaries of them: \(reason)"
    case .unknownCodec(let file, let dataset, let codec):
      "\(LogitInput.location(file, dataset)): is stored with \(codec), which is not known here"
    case .damagedHeader(let file, let reason):
      "\(file): is damaged: \(reason)"
    case .noDataset(let file, let found):
      "\(file): no floating-point dataset of two or more dimensions" + Self.listed(found)
    case .severalDatasets(let file, let candidates):
      "\(file): several datasets could be the logits: \(candidates.listed)"
    case .noSuchDataset(let file, let dataset, let found):
      "\(file): no dataset \(dataset)" + Self.listed(found)
    case .wrongDimensions(let file, let dataset, let shape):
      "\(LogitInput.location(file, dataset)): has shape \(Self.text(shape)), where logits have two dimensions, "
        + "samples × clusters, or more in row-major order, the last of them clusters"
    case .notFloatingPoint(let file, let dataset, let type):
      "\(LogitInput.location(file, dataset)): holds \(type), where logits are float16, bfloat16, float32 or float64"
    case .notIntegers(let file, let dataset, let type):
      "\(LogitInput.location(file, dataset)): holds \(type), where labels are integers or strings"
    case .noColumn(let file, let found):
      "\(file): no array of integers or strings, of one dimension" + Self.listed(found)
    case .severalColumns(let file, let candidates):
      "\(file): several arrays could be meant: \(candidates.listed); name one, as \(file):\(candidates.first ?? "")"
    case .columnMajorIntegers(let file):
      "\(file): lies column after column, where labels lie as rows do"
    case .pythonObjects(let file):
      "\(file): holds objects of Python, which only Python can read"
    case .severalDimensions(let file, let shape):
      "\(file): has shape \(Self.text(shape)), where names, and labels that are strings or in Zarr, have one dimension"
    case .noText(let file, let row, let encoding):
      "\(file), row \(row): is not \(encoding) text"
    case .noIndices(let file, let dataset, let type):
      "\(LogitInput.location(file, dataset)): holds \(type), where the clusters of a top-k dump are integers"
    case .swappedArrays(let file, let indices, let values):
      "\(file): \(indices) holds floating-point numbers, and \(values) integers: the clusters' array is named first, "
        + "the values' second"
    case .differentShapes(let file, let dataset, let shape, let other, let otherShape):
      "\(LogitInput.location(file, dataset)): has shape \(Self.text(shape)), and \(other) \(Self.text(otherShape)): "
        + "they are not of the same rows"
    case .singleArray(let file):
      "\(file): holds one array, where it takes those of the values and of their clusters, in one file"
    case .tooFewKept(let file, let dataset, let found):
      "\(LogitInput.location(file, dataset)): has \(found) \(found == 1 ? "value" : "values") of each row, "
        + "where it takes two to tell where rows would go"
    case .tooManyKept(let file, let dataset, let found, let clusters):
      "\(LogitInput.location(file, dataset)): has \(found) values of each row, more than there are clusters, \(clusters)"
    case .mixedInputs(let whole, let topK):
      "\(whole): has all logits of its rows, and \(topK) only the largest; inputs of one data set are of one kind"
    case .mixedValues(let logits, let others):
      "\(logits): has rows' log-sum-exp beside their largest logits, and \(others) has none; inputs of one data set are of one kind"
    case .missingFilter(let file, let dataset, let filter):
      "\(LogitInput.location(file, dataset)): is stored with the filter \(filter), which this HDF5 library lacks"
    case .damagedChunk(let file, let dataset, let rows, let reason):
      "\(LogitInput.location(file, dataset)): rows \(rows) are damaged: the chunk they are in can't be read: \(reason)"
    case .incomplete(let file, let dataset, let reason):
      "\(LogitInput.location(file, dataset)): is not complete: \(reason)"
    case .noRoomForContent(let location, let byteCount, let error):
      "\(location): is compressed as a whole and lies in columns, so that the \(byteCount) bytes that come out of it are kept in a "
        + "file, which can't be written: \(error)"
    case .noRows(let file, let dataset):
      "\(LogitInput.location(file, dataset)): has no rows"
    case .tooFewClusters(let file, let dataset, let found):
      "\(LogitInput.location(file, dataset)): has \(found) \(found == 1 ? "column" : "columns"), where a hierarchy needs at least 2 clusters"
    case .tooManyClusters(let file, let dataset, let found):
      "\(LogitInput.location(file, dataset)): has \(found) columns, more than this program takes"
    case .differentClusters(let file, let dataset, let found, let expected, let expectedIn):
      "\(LogitInput.location(file, dataset)): has \(found) columns, but \(expectedIn) has \(expected); "
        + "inputs of one data set have the same clusters"
    case .tooManyRows(let file, let dataset):
      "\(LogitInput.location(file, dataset)): brings the data set over 2^40 rows, more than this program takes"
    case .noSuchRows(let chosen, let rows):
      "there are no rows \(chosen): the data set has \(rows)"
    case .repeatedInput(let location):
      "\(location): is given more than once, so that its rows would be counted as often"
    case .changed(let file, let dataset):
      "\(LogitInput.location(file, dataset)): changed while it was being read"
    case .interrupted:
      "interrupted"
    case .noWholeRows(let file, let byteCount, let rowByteCount):
      "\(file): has \(byteCount) bytes, which is no multiple of the \(rowByteCount) bytes of a row"
    case .hasHeader(let location, let format, _):
      "\(location): begins as \(format) does, whose header would be taken for rows"
    case .looksLikeType(let location, let said, let found):
      "\(location): its first numbers are no logits as \(said), and would be as \(found)"
    case .endsWithinRow(let location, let rows, let byteCount, let rowByteCount):
      "\(location): ends within row \(rows): of its \(rowByteCount) bytes \(byteCount) have come"
    case .fewerRows(let location, let found, let wanted):
      "\(location): ends after \(found) rows, of which there were to be \(wanted)"
    case .earlierStream(let location):
      "\(location): its rows came once, to an earlier run, and can't be read again"
    case .streamEnded(let location):
      "\(location): its rows came once, and can't be read again"
    case .unknownStream(let location):
      "\(location): was not said what numbers come, and of how many clusters"
    case .otherStream(let location, let row, let spool):
      "\(location): row \(row) is not the one that the interrupted run had, whose rows are in \(spool)"
    case .streamAmongOthers:
      "rows that come once are all rows of a data set: there are no other inputs beside them, and none is left out"
    case .library(let error):
      error.description
    }
  }

  /// The error for an array of a top-k dump of another shape than the values.
  static func otherShape(_ array: StoredArray, as values: StoredArray) -> LogitStreamError {
    .differentShapes(
      file: array.file, dataset: array.name, shape: array.shape, other: values.name, otherShape: values.shape)
  }

  private static func listed(_ found: [String]) -> String {
    found.isEmpty ? "; the file has no datasets at all" : "; it has \(found.listed)"
  }

  static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "() (a scalar)" : "(" + shape.map(String.init).joined(separator: " × ") + ")"
  }
}
