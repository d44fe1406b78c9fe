import ArgumentParser
import Evaluation
import LogitStream
import LogitsToHierarchy
import Store

/// The options of assign that promise an accuracy.
struct AccuracyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Find the least confidence with which the nodes of this part of rows are right, by --labels.", valueName: "p"))
  var accuracy: Double?

  @Option(
    help: ArgumentHelp(
      "A label for each row: FILE or FILE:/dataset of HDF5, .npy, FILE:name of .npz, .pt or Zarr, FILE.csv:column, or text with a line each.",
      valueName: "file"))
  var labels: String?

  @Option(help: ArgumentHelp("The names of labels that are integers, from 0 on.", valueName: "file"))
  var labelNames: String?

  @Option(
    help: ArgumentHelp(
      "Logits that --labels are of, all of their rows, if not the inputs. May be given several times.",
      valueName: "input"))
  var calibrateOn: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      A block for each of these rows, an integer or a name, as labels are given: rows of one block, such as frames of one \
      film, are not independent, and count as one together.
      """, valueName: "file"))
  var blocks: String?

  @Option(help: ArgumentHelp("How sure it must be that the promise holds. (default: 0.95)", valueName: "p"))
  var certainty: Double?

  @Option(
    help: ArgumentHelp(
      """
      The part of labelled rows to find the confidence on; the others tell what accuracy it reaches. (default: 0.5)
      """,
      valueName: "p"))
  var calibrationShare: Double?

  @Option(help: ArgumentHelp("Chooses which rows these are. (default: 0)", valueName: "n"))
  var seed: UInt64?

  mutating func validate() throws {
    guard let accuracy else {
      guard isAlone else {
        throw ValidationError(
          """
          --labels, --label-names, --calibrate-on, --blocks, --certainty, --calibration-share and --seed go with --accuracy.
          """)
      }
      return
    }
    guard labels != nil else {
      throw ValidationError("--accuracy is found by labels: say where they are, --labels FILE.")
    }
    guard accuracy > 0, accuracy < 1 else { throw ValidationError("--accuracy must be above 0 and below 1.") }
    guard certainty.map({ $0 > 0 && $0 < 1 }) ?? true else {
      throw ValidationError("--certainty must be above 0 and below 1.")
    }
    guard calibrationShare.map({ $0 > 0 && $0 <= 1 }) ?? true else {
      throw ValidationError("--calibration-share must be above 0, and at most 1.")
    }
  }

  /// Whether no option is given that a promise takes.
  private var isAlone: Bool {
    labels == nil && labelNames == nil && calibrateOn.isEmpty && blocks == nil && certainty == nil
      && calibrationShare == nil
      && seed == nil
  }

  /// The promise; nil if none is wanted.
  var promise: AccuracyPromise? { accuracy.map { AccuracyPromise(accuracy: $0, certainty: certainty ?? 0.95) } }

  /// Which labelled rows to find the confidence on.
  var split: RowSplit { RowSplit(seed: seed ?? 0, share: calibrationShare ?? 0.5) }

  /// The rows that labels are of.
  ///
  /// - Parameters:
  ///   - source: The rows to assign.
  ///   - input: How inputs are to be taken.
  ///   - known: What the store tells of what was not said.
  func labelledSource(
    _ source: LogitSource, _ input: InputArguments, _ known: Store.KnownForm
  ) throws(LogitStreamError) -> LogitSource {
    guard !calibrateOn.isEmpty else { return source }
    return try LogitSource(
      opening: InputSpecification.all(
        calibrateOn, dataset: input.dataset, isTransposed: input.transposed, raw: input.rawOptions.format(known)))
  }

  /// Opens the labels; nil if there are none.
  func sourceLabels(of source: LogitSource, _ stored: StoredHierarchy) throws -> SourceLabels? {
    guard let labels else { return nil }
    let names = stored.hierarchy.clusters.map(\.name)
    let file = try LabelFile(
      labels, clusterNames: names, areNumbers: labelNames != nil,
      mostRows: source.inputs.reduce(0) { $0 + $1.arrayRows })
    let labelNames = try labelNames.map { try NameFile($0) }
    guard labelNames == nil || file.isOfIntegers else { throw LabelNamesError(labels: file.location) }
    return try SourceLabels(file, names: labelNames, of: source, clusterNames: names)
  }

  /// The block of each row of the source that labels are of; nil if rows are independent.
  func blockIDs(of source: LogitSource) throws -> [Int64]? {
    guard let blocks else { return nil }
    let arrayRows = source.inputs.reduce(0) { $0 + $1.arrayRows }
    let file = try LabelFile(blocks, clusterNames: [], mostRows: arrayRows)
    let ids = try file.blocks(rows: [source.rows, arrayRows])
    return ids.count == source.rows
      ? ids
      : SourceLabels.places(of: ids.count, source).flatMap { places in
        places(0..<source.rows).flatMap { ids[$0] }
      }
  }

  /// The files that the options name.
  var files: [String] {
    (calibrateOn + [labels, labelNames, blocks].compactMap(\.self)).map { InputSpecification(parsing: $0).file }
  }
}
