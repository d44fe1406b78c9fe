import ArgumentParser
import Evaluation
import Files
import Glibc
import Hierarchy
import Report
import Store
import Texts

extension HeightScale: ExpressibleByArgument {}
extension ClusterHierarchy.SupportPlace: ExpressibleByArgument {}

/// `logitree export`: the hierarchy in a format that other programs read.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the hierarchy in a format that other programs read.",
    discussion: """
        json      clusters, merges, and the nested tree that d3 reads
        newick    the tree, with steps as heights, and with support once it is known
        linkage   SciPy's linkage matrix, as .npy
        merges    CSV, a line for each merge
        confused  CSV: what each class is confused with, and how often
        dot       Graphviz
        svg       a dendrogram to publish
        html      a page to explore the tree in, one file that needs no network
        affinity  what each class reassigns to each other, K × K, as HDF5 or .npy

        logitree export my.logitree --format newick -o my.nwk
        logitree export my.logitree --format svg --circular -o my.svg
        logitree export my.logitree --format html --labels labels.npy -o my.html
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case json, newick, linkage, merges, confused, dot, svg, html, affinity
  }

  @Argument(help: "A store, as made by build.")
  var store: String

  @Option(help: "The format to write.")
  var format: Format

  @Option(name: .shortAndLong, help: "The file to write. (default: standard output)")
  var output: String?

  @Option(
    help: """
      What heights stand for, in json, newick, linkage, svg and html: the step of the merge, or how weak it is, 1 less its \
      share or margin. Heights that are no steps are those of the weakest merge from there down, so that no node is \
      lower than those below it; a linkage matrix has its rows in the order of heights then. (default: step)
      """)
  var height: HeightScale?

  @Option(
    help: """
      Where newick has the support of nodes, once it is known: in labels of inner nodes, comments, or nowhere. \
      (default: label)
      """)
  var supportAs: ClusterHierarchy.SupportPlace?

  @Flag(help: "Write an affinity matrix as the entries that are not 0, as SciPy's CSR matrices have them.")
  var sparse = false

  @OptionGroup var taxonomyOptions: TaxonomyOptions

  @OptionGroup(title: "Options of svg")
  var svg: SVGOptions

  @OptionGroup(title: "Options of html")
  var html: HTMLOptions

  @OptionGroup(title: "Options of svg and html")
  var strips: StripOptions

  @OptionGroup(title: "Options of svg and html")
  var labelOptions: LabelOptions

  mutating func validate() throws {
    try validatePictures()
    if format != .svg, let option = svg.given.first {
      throw ValidationError("\(option) is for --format svg.")
    }
    if format == .affinity, output == nil {
      throw ValidationError("An affinity matrix goes to a file: -o FILE.h5 or FILE.npy.")
    }
    if sparse, format != .affinity || output?.hasByteSuffix(".npy") == true {
      throw ValidationError("--sparse is for --format affinity, to an HDF5 file.")
    }
    if height != nil, [.merges, .confused, .dot, .affinity].contains(format) {
      throw ValidationError("--height is for formats that have heights: json, newick, linkage, svg, html.")
    }
    if height != nil, svg.scale != nil {
      throw ValidationError("--scale and --height both say where svg draws nodes: give one of them.")
    }
    if supportAs != nil, format != .newick { throw ValidationError("--support-as is for --format newick.") }
    if format == .linkage, output == nil, isatty(STDOUT_FILENO) == 1 {
      throw ValidationError("A linkage matrix is binary; name a file with -o, or redirect standard output.")
    }
  }

  /// Refuses options of pictures that would change nothing.
  private func validatePictures() throws {
    if format != .html, let option = html.given.first {
      throw ValidationError("\(option) is for --format html.")
    }
    if taxonomyOptions.taxonomy != nil, !Self.namesGroups(format) {
      throw ValidationError("--taxonomy is for formats that name groups: json, merges, dot, svg, html.")
    }
    if !strips.annotations.isEmpty, format != .svg, format != .html {
      throw ValidationError("--annotations is for --format svg and html.")
    }
    if strips.numberForm != nil, strips.annotations.isEmpty {
      throw ValidationError("--numbers-as says how numbers of --annotations are shown.")
    }
    if labelOptions.labels != nil, format != .html, !(format == .svg && strips.needLabels) {
      throw ValidationError("--labels is for --format html, and for svg with --annotations accuracy.")
    }
    if strips.needLabels, labelOptions.labels == nil {
      throw ValidationError("--annotations accuracy takes labels: --labels FILE.")
    }
  }

  func run() throws {
    warnOfName()
    let store = try Store(store)
    try store.checkOutput(output, inputs: labelOptions.files + strips.files + taxonomyOptions.files)
    if format == .affinity, let output {
      return try store.writeAffinity(to: output, as: sparse ? .sparseHDF5 : output.hasByteSuffix(".npy") ? .npy : .hdf5)
    }
    if format == .html {
      let page = try ExplorerPage(
        of: store, at: self.store, html, taxonomyOptions, labels: labelOptions, strips: strips,
        heights: height ?? .step, output: output)
      return try OutputFile.write(Array(page.html().utf8), toFileOrStandardOutput: output)
    }
    let stored = try store.read()
    if format == .confused {
      let confusions = try store.confusions(of: stored)
      return try OutputFile.write(
        Array(stored.hierarchy.confusedCSV(confusions).utf8), toFileOrStandardOutput: output)
    }
    let taxonomy = try Self.namesGroups(format) ? taxonomyOptions.text(of: stored, in: store) : nil
    let hierarchy =
      try Self.namesGroups(format) ? taxonomyOptions.named(stored, by: taxonomy) : stored.hierarchy
    try checkSupport(of: hierarchy)
    try OutputFile.write(bytes(of: hierarchy, stored, in: store, by: taxonomy), toFileOrStandardOutput: output)
  }

  /// Whether a format has names of groups.
  private static func namesGroups(_ format: Format) -> Bool {
    switch format {
    case .json, .merges, .dot, .svg, .html: true
    case .newick, .linkage, .confused, .affinity: false
    }
  }

  /// Options about support need some.
  private func checkSupport(of hierarchy: ClusterHierarchy) throws(OptionWithoutEffect) {
    guard hierarchy.support == nil else { return }
    if svg.colouring == .support { throw .noSupport(option: "--colour-by support", store: store) }
    if let place = supportAs, place != .none {
      throw .noSupport(option: "--support-as \(place.rawValue)", store: store)
    }
  }

  private func warnOfName() {
    switch format {
    case .json: OutputName.warn(output, "JSON", extensions: "json")
    case .newick: OutputName.warn(output, "Newick", extensions: "nwk", "newick")
    case .linkage: OutputName.warn(output, "a NumPy array", extensions: "npy")
    case .merges, .confused: OutputName.warn(output, "CSV", extensions: "csv")
    case .dot: OutputName.warn(output, "DOT", extensions: "dot", "gv")
    case .svg: OutputName.warn(output, "SVG", extensions: "svg")
    case .html: OutputName.warn(output, "HTML", extensions: "html", "htm")
    case .affinity: OutputName.warn(output, "HDF5", extensions: "h5", "hdf5", "npy")
    }
  }

  private func bytes(
    of hierarchy: ClusterHierarchy, _ stored: StoredHierarchy, in store: Store, by taxonomy: TaxonomyText?
  ) throws -> [UInt8] {
    let height = height ?? .step
    return switch format {
    case .json: Array(hierarchy.json(heights: height).utf8)
    case .newick: Array(hierarchy.newick(heights: height, support: supportAs ?? .label).utf8)
    case .linkage: hierarchy.linkageNPY(heights: height)
    case .merges: Array(hierarchy.mergesCSV().utf8)
    case .dot: Array(hierarchy.dot().utf8)
    case .svg: try Array(picture(of: hierarchy, stored, in: store, by: taxonomy, heights: height).svg().utf8)
    case .affinity, .confused, .html: []
    }
  }

  private func picture(
    of hierarchy: ClusterHierarchy, _ stored: StoredHierarchy, in store: Store, by taxonomy: TaxonomyText?,
    heights: HeightScale
  ) throws -> Dendrogram {
    let results = try labelOptions.sources(for: stored).map { try LabelResults(evaluating: stored, of: store, by: $0) }
    results?.tell()
    var options = svg.dendrogram(heights: heights)
    options.strips = try strips.read(
      for: hierarchy, labelling: results?.evaluations[0].labelling, taxonomy: taxonomy)
    options.numberForm = strips.numberForm ?? .bars
    return try Dendrogram(hierarchy, options)
  }
}
