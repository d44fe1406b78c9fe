import Hierarchy

/// What a store holds: a hierarchy, and how it came about.
public struct StoredHierarchy: Sendable, Equatable, Codable {
  /// An input that rows were read from.
  public struct Source: Sendable, Equatable, Codable {
    public var file: String
    public var dataset: String
    public var type: String
    public var rows: Int

    public init(file: String, dataset: String, type: String, rows: Int) {
      self.file = file
      self.dataset = dataset
      self.type = type
      self.rows = rows
    }
  }

  /// The options that results depend on, in the command line's words.
  public struct Options: Sendable, Equatable, Codable {
    public var kind: String
    public var temperature: Double
    public var score: String
    public var onInvalid: String

    public init(kind: String, temperature: Double, score: String, onInvalid: String) {
      self.kind = kind
      self.temperature = temperature
      self.score = score
      self.onInvalid = onInvalid
    }
  }

  /// What the run took.
  public struct Figures: Sendable, Equatable, Codable {
    public var skippedRows: Int
    public var passes: Int
    public var seconds: Double
    public var peakMemoryBytes: Int

    public init(skippedRows: Int, passes: Int, seconds: Double, peakMemoryBytes: Int) {
      self.skippedRows = skippedRows
      self.passes = passes
      self.seconds = seconds
      self.peakMemoryBytes = peakMemoryBytes
    }
  }

  public var sources: [Source]
  public var options: Options
  public var figures: Figures
  public var hierarchy: ClusterHierarchy

  public init(sources: [Source], options: Options, figures: Figures, hierarchy: ClusterHierarchy) {
    self.sources = sources
    self.options = options
    self.figures = figures
    self.hierarchy = hierarchy
  }
}
